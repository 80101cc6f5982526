#include "ingest/kafka/group_claim.h"

#include <charconv>

namespace tally::ingest {
namespace {

constexpr std::string_view kStore = "store=";
constexpr std::string_view kMember = " member=";
constexpr std::string_view kGeneration = " generation=";
constexpr std::string_view kClosed = " closed";

}  // namespace

std::string to_text(const GroupClaim& claim) {
  std::string text = std::string(kStore) + claim.store + std::string(kMember) + claim.member;
  if (claim.generation != 1) {
    text += std::string(kGeneration) + std::to_string(claim.generation);
  }
  return text + std::string(claim.closed ? kClosed : "");
}

std::optional<GroupClaim> parse_group_claim(std::string_view text) {
  GroupClaim claim;
  claim.closed = text.ends_with(kClosed);
  if (claim.closed) text.remove_suffix(kClosed.size());
  if (const std::size_t at = text.find(kGeneration); at != text.npos) {
    const std::string_view number = text.substr(at + kGeneration.size());
    const char* const end = number.data() + number.size();
    if (std::from_chars(number.data(), end, claim.generation).ptr != end) return std::nullopt;
    text = text.substr(0, at);
  }
  const std::size_t member = text.find(kMember);
  if (!text.starts_with(kStore) || member == text.npos) return std::nullopt;
  claim.store = text.substr(kStore.size(), member - kStore.size());
  claim.member = text.substr(member + kMember.size());
  return claim;
}

}  // namespace tally::ingest
