#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "model/result.h"
#include "model/sequence.h"

namespace tally::shipper {

/// The records that librdkafka has and no broker has confirmed yet. Confirmations come in any
/// order, since partitions know nothing of each other. One thread.
class DeliveryWindow {
 public:
  /// Which record a confirmation is of; never 0.
  using Ticket = std::uint64_t;

  /// What was confirmed, up to the first record that is not.
  struct Confirmed {
    Sequence next{};  ///< behind the last of the events
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;

    friend bool operator==(const Confirmed&, const Confirmed&) = default;
  };

  /// What librdkafka keeps of a record beside its line: the message, its list of headers, and three
  /// blocks of memory for each of these. (Seen: 714 bytes with short headers.)
  static constexpr std::size_t kRecordBytes = 800;

  /// The next one in sequence order; `bytes` is the length of its line.
  Ticket add(Sequence sequence, std::size_t bytes);

  /// Takes back the last one that was added: librdkafka did not want it.
  void take_back();

  void confirm(Ticket ticket);

  /// That a record will not arrive. The first reason counts.
  void fail(Error error);
  const std::optional<Error>& failure() const noexcept { return failure_; }

  /// Memory of what waits to be confirmed.
  std::size_t memory() const noexcept { return bytes_ + waiting_ * kRecordBytes; }
  bool empty() const noexcept { return records_.empty(); }

  /// That of the first record that is not confirmed, unless it is empty.
  Ticket oldest() const noexcept { return first_; }

  /// Since the last call; nothing: no more than then.
  std::optional<Confirmed> take_confirmed();

 private:
  struct Record {
    Sequence sequence{};
    std::uint32_t bytes = 0;
    bool confirmed = false;
  };

  std::deque<Record> records_;  ///< from the first unconfirmed one on
  Ticket first_ = 1;            ///< of records_.front()
  std::size_t bytes_ = 0;       ///< of the lines of those unconfirmed
  std::size_t waiting_ = 0;     ///< how many these are
  Confirmed confirmed_;         ///< and not taken
  std::optional<Error> failure_;
};

}  // namespace tally::shipper
