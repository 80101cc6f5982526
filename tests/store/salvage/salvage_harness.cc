#include "tests/store/salvage/salvage_harness.h"

#include <algorithm>

#include "tests/support/store_harness.h"

namespace tally::tests {
namespace {

void add_runs(SalvagedContents& contents, const store::Chunk& chunk) {
  std::uint64_t sequence = to_number(chunk.first);
  for (const Run& run : chunk.runs) {
    for (std::uint32_t i = 0; i < run.count; ++i) contents.runs[sequence++] = run;
  }
}

}  // namespace

store::SalvageOutlet collect(SalvagedContents& contents) {
  return {.events = [&contents](const store::SalvagedEvents& events) -> Result<void> {
            const auto lines = split_lines(events.chunk.lines);
            if (lines.size() != events.chunk.count) return Error{Errc::invalid, "count of lines"};
            if (!events.verified) {
              contents.unverified.insert(contents.unverified.end(), lines.begin(), lines.end());
              return ok();
            }
            std::uint64_t sequence = to_number(events.chunk.first);
            for (const std::string& line : lines) {
              contents.repeated += contents.lines.emplace(sequence++, line).second ? 0 : 1;
            }
            add_runs(contents, events.chunk);
            return ok();
          },
          .refused = [&contents](const store::SalvagedRefused& refused) -> Result<void> {
            contents.refused.insert(contents.refused.end(), refused.events.begin(),
                                    refused.events.end());
            return ok();
          }};
}

std::string compare(const SalvagedContents& contents, const std::vector<std::string>& originals,
                    std::uint64_t first) {
  for (const auto& [sequence, line] : contents.lines) {
    if (sequence < first || sequence - first >= originals.size()) {
      return "there was no event " + std::to_string(sequence) + ": " + line;
    }
    if (originals[sequence - first] != line) return std::to_string(sequence) + " was not " + line;
  }
  for (const std::string& line : contents.unverified) {
    if (std::ranges::find(originals, line) == originals.end()) return "never was: " + line;
  }
  return contents.repeated > 0 ? "some came twice" : "";
}

std::string missing(const SalvagedContents& contents, std::uint64_t from, std::uint64_t to) {
  for (; from < to; ++from) {
    if (!contents.lines.contains(from)) return std::to_string(from) + " is missing";
  }
  return "";
}

std::string flipped(std::string bytes, std::size_t at) {
  bytes.at(at) = static_cast<char>(bytes.at(at) ^ (1 << (at % 8)));
  return bytes;
}

std::string zeroed(std::string bytes, std::size_t at, std::size_t count) {
  return bytes.replace(at, count, std::string(std::min(count, bytes.size() - at), '\0'));
}

std::string without(std::string bytes, std::size_t at, std::size_t count) {
  return bytes.erase(at, count);
}

}  // namespace tally::tests
