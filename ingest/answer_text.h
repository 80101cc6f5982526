#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "ingest/validator.h"
#include "model/sequence.h"

namespace tally::ingest {

/// What is said about the refused events of a body: the first of them, and how many there were.
struct RefusalsText {
  std::uint64_t total = 0;
  std::string list;  ///< JSON objects, separated by commas; at most kListedRefusalsMax
};

/// A client that sends rubbish need not get all of it back.
inline constexpr std::size_t kListedRefusalsMax = 1000;

/// Allocates nothing if nothing was refused.
RefusalsText describe(std::span<const Refusal> refusals);

/// Appends the answer to a post: {"accepted":2,"first_seq":8,"last_seq":9,"rejected":[]}. The
/// sequences are null if nothing was accepted; "rejected_total" is there if anything was refused.
void append_answer(std::string& out, std::uint32_t accepted, Sequence first,
                   const RefusalsText& refusals);

}  // namespace tally::ingest
