#include "app/damage_text.h"

#include <fmt/format.h>

namespace tally::app {
namespace {

std::string loss(const store::CorruptRange& range) {
  const std::uint64_t first = to_number(range.first_lost);
  if (first == 0) return "which events it held is unknown";
  if (range.events_lost == 0) return "no event is lost";
  if (range.events_lost == 1) return fmt::format("event {} is lost", first);
  return fmt::format("events {} to {} are lost", first, first + range.events_lost - 1);
}

}  // namespace

std::string damage_text(const store::CorruptRange& range) {
  const std::string path = range.path.string();
  if (range.before_file) return "files before " + path + " are missing; " + loss(range);
  if (range.bytes == 0) return path + " is damaged or missing; " + loss(range);
  return fmt::format("{}: {} bytes at offset {} are not what was written; {}", path, range.bytes,
                     range.offset, loss(range));
}

}  // namespace tally::app
