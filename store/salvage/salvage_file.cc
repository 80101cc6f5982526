#include "store/salvage/salvage_file.h"

#include <algorithm>
#include <string>

#include "store/disk/field_codec.h"
#include "store/journal/journal_format.h"
#include "store/journal/journal_scan.h"
#include "store/rejected/rejected_pack.h"
#include "store/salvage/block_search.h"
#include "store/salvage/journal_salvage.h"
#include "store/salvage/lost_salt.h"
#include "store/salvage/rejected_salvage.h"
#include "store/salvage/segment_salvage.h"
#include "store/segment/segment_format.h"

namespace tally::store {
namespace {

constexpr std::string_view kRejectedMagic = "tallyrej";
constexpr std::size_t kBeginBytes = 16;

Result<std::string> read(File& file, std::uint64_t offset, std::size_t bytes) {
  std::string into(bytes, '\0');
  TALLY_TRY(const std::size_t got, file.read_at(offset, into));
  into.resize(got);
  return into;
}

SalvageKind kind_of_begin(std::string_view begin) {
  if (begin.starts_with(kRejectedMagic)) return SalvageKind::rejected;
  if (begin.starts_with(kSegmentTag) || begin.starts_with(kBlockTag)) return SalvageKind::segment;
  const std::string_view tag = begin.substr(std::min(begin.size(), kSkippableBytes));
  if (tag.starts_with(kFileHeaderTag) || tag.starts_with(kCommitTag)) return SalvageKind::journal;
  return SalvageKind::unknown;
}

/// Whatever was put behind the name, or before it. A draft is told by the room that it is in.
SalvageKind kind_of_name(const Path& path) {
  const std::string name = path.filename().string();
  if (name.find(".jsonl.zst") != std::string::npos) return SalvageKind::journal;
  if (name.find(".seg") != std::string::npos) return SalvageKind::segment;
  if (name.find(".rej") != std::string::npos) return SalvageKind::rejected;
  if (name != "draft") return SalvageKind::unknown;
  const Path room = path.parent_path().filename();
  if (room == "segments") return SalvageKind::segment;
  return room == "rejected" ? SalvageKind::rejected : SalvageKind::journal;
}

Result<SalvageKind> kind_of_content(File& file) {
  TALLY_TRY(const auto salt, find_lost_salt(file));
  if (salt) return SalvageKind::journal;
  SalvageFindings ignored;
  TALLY_TRY(const FoundSegment segment, search_blocks(file, ignored));
  const bool any = segment.footer.has_value() || !segment.blocks.empty();
  return any ? SalvageKind::segment : SalvageKind::unknown;
}

}  // namespace

std::string_view to_string(SalvageKind kind) noexcept {
  switch (kind) {
    case SalvageKind::rejected:
      return "refused events";
    case SalvageKind::segment:
      return "segment";
    case SalvageKind::journal:
      return "journal file";
    case SalvageKind::unknown:
      break;
  }
  return "no file of a store";
}

Result<SalvageKind> recognise(File& file, const Path& path) {
  const auto head = read(file, 0, kBeginBytes);
  if (!head) return head.error();
  const std::string_view begin = head.value();
  if (const auto kind = kind_of_begin(begin); kind != SalvageKind::unknown) return kind;
  if (const auto kind = kind_of_name(path); kind != SalvageKind::unknown) return kind;
  return kind_of_content(file);
}

Result<SalvageFindings> introduce(File& file, const Path& path, SalvageKind kind) {
  SalvageFindings findings;
  if (kind == SalvageKind::journal) {
    const auto scan = JournalScan::open(file, path);
    if (!scan) return findings;
    findings.store = scan.value().header().store;
    findings.number = scan.value().header().number;
    findings.first = scan.value().header().first;
  } else if (kind == SalvageKind::segment) {
    SalvageFindings ignored;
    TALLY_TRY(const FoundSegment segment, search_blocks(file, ignored));
    if (!segment.identity) return findings;
    findings.store = segment.identity->store;
    findings.number = segment.identity->number;
    findings.first = segment.identity->first;
  } else if (kind == SalvageKind::rejected) {
    TALLY_TRY(const std::string bytes, read(file, 0, kRejectedHeaderBytes));
    const auto header = decode_rejected_header(bytes);
    if (!header) return findings;
    findings.store = header.value().store;
    findings.number = header.value().number;
  }
  return findings;
}

Result<SalvageFindings> salvage_file(File& file, const Path& path, SalvageKind kind,
                                     const SalvageOptions& options, const SalvageOutlet& outlet) {
  switch (kind) {
    case SalvageKind::rejected:
      return salvage_rejected(file, outlet);
    case SalvageKind::segment:
      return salvage_segment(file, options, outlet);
    case SalvageKind::journal:
      return salvage_journal(file, path, options, outlet);
    case SalvageKind::unknown:
      break;
  }
  return SalvageFindings();
}

}  // namespace tally::store
