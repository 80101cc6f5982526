#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tally::ingest {

/// Who has published a group's offset, as it stands in the offset's metadata:
/// "store=UUID member=1/2", " generation=N" unless that is 1, and " closed" behind it when that
/// store had stopped cleanly: only then the offset is all that its journal knows.
struct GroupClaim {
  std::string store;
  std::string member;
  std::uint64_t generation = 1;
  bool closed = false;

  friend bool operator==(const GroupClaim&, const GroupClaim&) = default;
};

std::string to_text(const GroupClaim& claim);

/// Words that nobody knows are skipped: who writes them may know more of the partition than we do.
/// Nothing: no Tally wrote this, but one of Kafka's tools.
std::optional<GroupClaim> parse_group_claim(std::string_view text);

}  // namespace tally::ingest
