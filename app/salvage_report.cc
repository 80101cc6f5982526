#include "app/salvage_report.h"

#include <fmt/format.h>

#include <algorithm>

namespace tally::app {
namespace {

/// Of one file; what there is past them is counted.
constexpr std::size_t kListedMax = 20;

std::string sequences(const store::SequenceRange& range) {
  const std::uint64_t first = to_number(range.first);
  const std::uint64_t last = to_number(range.end) - 1;
  return first == last
             ? fmt::format("event {} is lost", first)
             : fmt::format("events {} to {} are lost ({})", first, last, last - first + 1);
}

/// ", 3 refused" and the like; nothing for nothing.
void append_count(std::string& out, std::uint64_t count, std::string_view what) {
  if (count > 0) out += fmt::format(", {} {}", count, what);
}

void append_damage(std::string& out, const store::SalvagedFile& file) {
  for (std::size_t i = 0; i < std::min(file.damage.size(), kListedMax); ++i) {
    const store::SalvageDamage& damage = file.damage[i];
    out += fmt::format("  bytes {} to {}: {}{}\n", damage.offset, damage.offset + damage.bytes,
                       damage.what, damage.harmless ? " (costs nothing)" : "");
  }
  const std::uint64_t more =
      file.more_damage + file.damage.size() - std::min(file.damage.size(), kListedMax);
  if (more > 0) out += fmt::format("  and {} more damaged stretches\n", more);
}

void append_losses(std::string& out, const store::SalvagedFile& file) {
  for (std::size_t i = 0; i < std::min(file.lost.size(), kListedMax); ++i) {
    out += "  " + sequences(file.lost[i]) + "\n";
  }
  if (file.lost.size() > kListedMax) {
    out += fmt::format("  and {} more ranges of events\n", file.lost.size() - kListedMax);
  }
  if (file.in_doubt) {
    out +=
        "  whether more events stood behind these, nothing tells: it may be a write that a crash "
        "cut off, which nobody was told of\n";
  }
}

void append_file(std::string& out, const store::SalvagedFile& file) {
  out += file.path.string();
  if (!file.failure.empty()) {
    out += ": " + file.failure + "\n";
  } else {
    out += fmt::format(": {}, {} bytes: {} events", to_string(file.kind), file.bytes, file.events);
    append_count(out, file.repeated, "that another file has too");
    append_count(out, file.taken_back, "of a failed write, which a newer file takes back");
    append_count(out, file.refused, "refused");
    append_count(out, file.unverified, "unverified");
    out += '\n';
  }
  append_damage(out, file);
  append_losses(out, file);
}

}  // namespace

std::string salvage_report(const store::SalvageReport& report, bool verbose) {
  std::string out;
  for (const store::SalvagedFile& file : report.files) {
    if (verbose || !file.whole() || !file.damage.empty()) append_file(out, file);
  }
  out += fmt::format("{} files: {} events", report.files.size(), report.events);
  append_count(out, report.refused, "refused");
  append_count(out, report.unverified, "unverified");
  if (report.whole()) {
    out += "; nothing is lost\n";
  } else {
    out += fmt::format("; {} are known to be lost{}\n", report.lost,
                       report.lost == 0 ? ", but something is damaged: see above" : "");
  }
  return out;
}

}  // namespace tally::app
