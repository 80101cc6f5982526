#include "ingest/kafka/group_claim.h"

#include <algorithm>
#include <charconv>

namespace tally::ingest {
namespace {

constexpr std::string_view kStore = "store=";
constexpr std::string_view kMember = "member=";
constexpr std::string_view kGeneration = "generation=";
constexpr std::string_view kClosed = "closed";

/// False: it is a generation that is no number.
bool read_word(std::string_view word, GroupClaim& claim) {
  if (word.starts_with(kStore)) claim.store = word.substr(kStore.size());
  if (word.starts_with(kMember)) claim.member = word.substr(kMember.size());
  if (word == kClosed) claim.closed = true;
  if (!word.starts_with(kGeneration)) return true;
  const char* const end = word.data() + word.size();
  const auto [read, error] =
      std::from_chars(word.data() + kGeneration.size(), end, claim.generation);
  return error == std::errc{} && read == end;
}

}  // namespace

std::string to_text(const GroupClaim& claim) {
  std::string text = std::string(kStore) + claim.store + ' ' + std::string(kMember) + claim.member;
  if (claim.generation != 1) {
    text += ' ' + std::string(kGeneration) + std::to_string(claim.generation);
  }
  if (claim.closed) text += ' ' + std::string(kClosed);
  return text;
}

std::optional<GroupClaim> parse_group_claim(std::string_view text) {
  if (!text.starts_with(kStore)) return std::nullopt;
  GroupClaim claim;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (!read_word(word, claim)) return std::nullopt;
  }
  if (claim.store.empty() || claim.member.empty()) return std::nullopt;
  return claim;
}

}  // namespace tally::ingest
