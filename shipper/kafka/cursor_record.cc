#include "shipper/kafka/cursor_record.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <charconv>

namespace tally::shipper {

ShipperInstance ShipperInstance::random() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '?';
  return {boost::uuids::to_string(boost::uuids::random_generator_mt19937()()),
          std::string(host.data()) + ", process " + std::to_string(::getpid())};
}

std::string to_text(const CursorRecord& record) {
  std::string text;
  if (record.next) text = "next=" + std::to_string(to_number(*record.next)) + "\n";
  return text + "instance=" + record.instance.id + "\nby=" + record.instance.by + "\n";
}

std::optional<CursorRecord> parse_cursor_record(std::string_view text) {
  CursorRecord record;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::string_view value = line.substr(std::min(line.find('=') + 1, line.size()));
    if (line.starts_with("next=")) {
      std::uint64_t number = 0;
      const char* const end = value.data() + value.size();
      const auto [read, error] = std::from_chars(value.data(), end, number);
      if (error != std::errc{} || read != end || number == 0) return std::nullopt;
      record.next = Sequence{number};
    } else if (line.starts_with("instance=")) {
      record.instance.id = value;
    } else if (line.starts_with("by=")) {
      record.instance.by = value;
    }
  }
  if (record.instance.id.empty()) return std::nullopt;
  return record;
}

}  // namespace tally::shipper
