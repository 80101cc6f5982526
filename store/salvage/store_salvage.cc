#include "store/salvage/store_salvage.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "store/journal/run_slicer.h"
#include "store/paths.h"
#include "store/salvage/patient_file.h"

namespace tally::store {
namespace {

/// While a collector seals, a listed file can become another one: so many times the paths are
/// looked at once more for files that are new.
constexpr int kRounds = 3;

bool matters(const SalvageDamage& damage) noexcept { return !damage.harmless; }

/// How many bytes the first `count` lines have.
std::size_t bytes_of(std::string_view lines, std::uint64_t count) {
  std::size_t bytes = 0;
  for (; count > 0 && bytes < lines.size(); --count) {
    bytes = std::min(lines.find('\n', bytes), lines.size() - 1) + 1;
  }
  return bytes;
}

/// The part of a chunk that has these sequences. The slicer holds its runs.
Chunk part_of(const Chunk& chunk, const SequenceRange& range, RunSlicer& slicer) {
  if (range.first == chunk.first && distance(range.first, range.end) == chunk.count) return chunk;
  const auto before = static_cast<std::uint32_t>(distance(chunk.first, range.first));
  const auto count = static_cast<std::uint32_t>(distance(chunk.first, range.end));
  const std::string_view lines = chunk.lines.substr(0, bytes_of(chunk.lines, count));
  Chunk part{.first = {}, .count = count - before, .lines = {}, .runs = {}};
  if (chunk.runs.empty()) {
    part.lines = lines.substr(bytes_of(lines, before));
  } else {
    slicer = RunSlicer(chunk.runs);
    part = slicer.take(lines, count, before);
    part.lines = lines.substr(bytes_of(lines, before));
  }
  part.first = range.first;
  return part;
}

}  // namespace

bool SalvagedFile::whole() const noexcept {
  return failure.empty() && lost.empty() && !in_doubt && more_damage == 0 &&
         std::ranges::none_of(damage, matters);
}

bool SalvageReport::whole() const noexcept {
  return std::ranges::all_of(files, [](const SalvagedFile& file) { return file.whole(); });
}

Result<SalvageReport> StoreSalvage::run(std::span<const Path> paths) {
  StoreSurvey found;
  for (int round = 0; round < kRounds; ++round) {
    TALLY_TRY(found, survey(*files_, paths));
    TALLY_TRY(const bool any, run_round(found));
    if (!any) break;
  }
  for (const SurveyedStore& store : found.stores) expect_listed(store);
  settle();
  return std::move(report_);
}

/// False: there was nothing that an earlier round had not read.
Result<bool> StoreSalvage::run_round(const StoreSurvey& survey) {
  bool any = false;
  for (const SurveyedFile& file : survey.files) {
    if (!done_.insert(file.path).second) continue;
    TALLY_TRY(salvage(file));
    any = true;
  }
  for (const SurveyedStore& store : survey.stores) settle_newest(store);
  return any;
}

Result<void> StoreSalvage::salvage(const SurveyedFile& file) {
  SalvagedFile result;
  result.path = file.path;
  result.kind = file.kind;
  auto opened = files_->open(file.path, OpenMode::read);
  if (!opened && opened.error().code == Errc::not_found && !file.named) return ok();
  SalvageFindings findings;
  if (!opened) {
    result.failure = opened.error().context;
  } else if (file.kind == SalvageKind::unknown) {
    result.failure = "neither a journal file, nor a segment, nor one of refused events";
  } else {
    PatientFile patient(std::move(opened).value());
    TALLY_TRY(result.bytes, patient.size());
    const SalvageOutlet outlet{
        .events = [&](const SalvagedEvents& events) { return take(file, result, events); },
        .refused = [&](const SalvagedRefused& events) { return take(file, result, events); }};
    TALLY_TRY(findings, salvage_file(patient, file.path, file.kind, options_, outlet));
    for (const PatientFile::Stretch& stretch : patient.unreadable()) {
      findings.note(stretch.offset, stretch.bytes, "the disk cannot read this");
    }
  }
  result.damage = std::move(findings.damage);
  result.more_damage = findings.more_damage;
  result.ends_badly = findings.end_in_doubt;
  result.in_doubt = findings.end_in_doubt && !(file.cut && findings.first);
  // A draft with nothing of its own is what it should be.
  if (file.draft && !file.named && result.events + result.refused == 0) return ok();
  if (file.kind == SalvageKind::rejected && result.whole()) {
    refused_done_.emplace(file.store.bytes, file.number);
  }
  expect(file, findings, report_.files.size());
  report_.files.push_back(std::move(result));
  return ok();
}

Result<void> StoreSalvage::take(const SurveyedFile& from, SalvagedFile& to,
                                const SalvagedEvents& events) {
  SalvagedEvents given = events;
  if (!given.store && from.store != StoreId()) given.store = from.store;
  if (!events.verified) {
    to.unverified += events.chunk.count;
    return outlet_.events(given);
  }
  SequenceRange range{events.chunk.first, advance(events.chunk.first, events.chunk.count)};
  if (range.end < range.first) return ok();  // Past the last number that there is.
  if (from.cut && *from.cut < range.end) {
    const Sequence end = std::max(range.first, *from.cut);
    to.taken_back += distance(end, range.end);
    range.end = end;
  }
  std::uint64_t repeated = distance(range.first, range.end);
  RunSlicer slicer;
  for (const SequenceRange& part : given_[from.store.bytes].add(range)) {
    given.chunk = part_of(events.chunk, part, slicer);
    repeated -= given.chunk.count;
    to.events += given.chunk.count;
    TALLY_TRY(outlet_.events(given));
  }
  to.repeated += repeated;
  return ok();
}

/// When a journal file is sealed, its refused events go to a file of their own; for a moment they
/// are in both.
Result<void> StoreSalvage::take(const SurveyedFile& from, SalvagedFile& to,
                                const SalvagedRefused& refused) {
  if (refused_done_.contains({from.store.bytes, from.number})) return ok();
  if (from.cut && refused.commit_end > *from.cut) return ok();
  to.refused += refused.events.size();
  return outlet_.refused(refused);
}

/// From the file's first event to its last one, or where that is not known, to the first one of the
/// file behind it.
void StoreSalvage::expect(const SurveyedFile& file, const SalvageFindings& findings,
                          std::size_t index) {
  if (file.kind == SalvageKind::rejected || file.kind == SalvageKind::unknown || file.draft) return;
  const SequenceSet& given = given_[file.store.bytes];
  std::optional<Sequence> first = findings.first;
  std::optional<Sequence> end = file.cut;
  if (!end) end = findings.end;
  if (!end && !given.empty()) end = given.span().end;
  if (!first && !given.empty()) first = given.span().first;
  if (first && end && *first < *end) expected_.push_back({file.store, {*first, *end}, index});
}

/// Segments that MANIFEST names: their files may say nothing, or not be there.
void StoreSalvage::expect_listed(const SurveyedStore& store) {
  std::map<Path, std::size_t> known;
  for (std::size_t i = 0; i < report_.files.size(); ++i) known.emplace(report_.files[i].path, i);
  for (const SegmentSummary& segment : store.manifest.segments) {
    if (segment.count == 0) continue;
    const Path path = StorePaths(store.directory).segment_file(segment.number);
    const auto [file, missing] = known.emplace(path, report_.files.size());
    if (missing) {
      report_.files.emplace_back();
      report_.files.back().path = path;
      report_.files.back().kind = SalvageKind::segment;
      report_.files.back().failure = "not there, though MANIFEST names it";
    }
    const SequenceRange range{segment.first, advance(segment.first, segment.count)};
    expected_.push_back({store.store, range, file->second});
  }
}

/// What the newest journal file ends with is no commit yet where a collector writes it at this
/// moment: if all that is durable came out, nothing is in doubt.
void StoreSalvage::settle_newest(const SurveyedStore& store) {
  if (!store.durable) return;
  const Path path = StorePaths(store.directory).journal_file(store.durable->file);
  const auto file = std::ranges::find(report_.files, path, &SalvagedFile::path);
  if (file == report_.files.end()) return;
  const SequenceSet& given = given_[store.store.bytes];
  const SequenceRange range{given.empty() ? kFirstSequence : given.span().first,
                            store.durable->next};
  const auto index = static_cast<std::size_t>(file - report_.files.begin());
  if (range.first < range.end) expected_.push_back({store.store, range, index});
  if (store.written && given.missing(range).empty()) file->in_doubt = false;
}

/// What was expected and is nowhere is lost, and told of the file that should have had it: of the
/// narrowest claim to it, since a file is also expected to reach up to the one behind it.
void StoreSalvage::settle() {
  std::map<Key, SequenceSet> told;
  std::ranges::stable_sort(expected_, {}, [](const Expected& expected) {
    return distance(expected.range.first, expected.range.end);
  });
  for (const Expected& expected : expected_) {
    SalvagedFile& file = report_.files[expected.file];
    for (const SequenceRange& hole : given_[expected.store.bytes].missing(expected.range)) {
      for (const SequenceRange& lost : told[expected.store.bytes].add(hole)) {
        file.lost.push_back(lost);
        report_.lost += distance(lost.first, lost.end);
      }
    }
  }
  for (SalvagedFile& file : report_.files) {
    // A torn tail that a newer file has taken back, or that is being written.
    if (file.kind == SalvageKind::journal && file.ends_badly && !file.in_doubt &&
        file.lost.empty() && file.more_damage == 0) {
      file.damage.back().harmless = true;
    }
    report_.events += file.events;
    report_.refused += file.refused;
    report_.unverified += file.unverified;
  }
}

}  // namespace tally::store
