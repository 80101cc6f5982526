#include "store/manifest/manifest_writer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "store/manifest/manifest_codec.h"

namespace tally::store {
namespace {

/// So many superseded records are worth a new file: reading them takes about a millisecond.
constexpr std::uint64_t kSupersededMax = 4096;

}  // namespace

ManifestWriter::ManifestWriter(FileSystem& files, StorePaths paths, FoundManifest found)
    : files_(&files),
      paths_(std::move(paths)),
      manifest_(std::move(found.manifest)),
      records_(found.records) {}

Result<ManifestWriter> ManifestWriter::open(FileSystem& files, StorePaths paths,
                                            FoundManifest found) {
  const bool whole = found.whole;
  ManifestWriter writer(files, std::move(paths), std::move(found));
  if (whole && !writer.worth_replacing()) {
    TALLY_TRY(writer.open_file());
  } else {
    TALLY_TRY(writer.replace(writer.manifest_));
  }
  return writer;
}

Result<void> ManifestWriter::open_file() {
  TALLY_TRY(file_, files_->open(paths_.manifest(), OpenMode::write));
  TALLY_TRY(end_, file_->size());
  return ok();
}

bool ManifestWriter::worth_replacing() const noexcept {
  return records_ > manifest_.segments.size() + kSupersededMax;
}

Result<void> ManifestWriter::add(const SegmentSummary& segment) {
  Manifest changed = manifest_;
  const auto at =
      std::ranges::lower_bound(changed.segments, segment.number, {}, &SegmentSummary::number);
  if (at != changed.segments.end() && at->number == segment.number) {
    *at = segment;
  } else {
    changed.segments.insert(at, segment);
  }
  std::string record;
  put_segment_record(record, segment);
  return change(std::move(changed), record);
}

Result<void> ManifestWriter::remove(const RemovedFiles& removed) {
  Manifest changed = manifest_;
  changed.removed = removed;
  std::erase_if(changed.segments,
                [&](const SegmentSummary& segment) { return segment.number <= removed.through; });
  std::string record;
  put_removed_record(record, removed);
  return change(std::move(changed), record);
}

Result<void> ManifestWriter::change(Manifest changed, std::string_view record) {
  if (!file_ || worth_replacing()) {
    TALLY_TRY(replace(changed));
  } else {
    TALLY_TRY(append(record));
  }
  manifest_ = std::move(changed);
  return ok();
}

Result<void> ManifestWriter::append(std::string_view record) {
  // Taken out first: after a failure nobody may write to it again.
  auto file = std::exchange(file_, nullptr);
  TALLY_TRY(file->write_at(end_, {&record, 1}));
  TALLY_TRY(file->sync_data());
  file_ = std::move(file);
  end_ += record.size();
  ++records_;
  return ok();
}

Result<void> ManifestWriter::replace(const Manifest& manifest) {
  file_.reset();
  const Path draft = paths_.manifest_draft();
  const auto removed = files_->remove(draft);
  if (!removed && removed.error().code != Errc::not_found) return removed.error();
  const std::string bytes = encode_manifest(manifest);
  const std::string_view part = bytes;
  TALLY_TRY(const auto file, files_->open(draft, OpenMode::create));
  TALLY_TRY(file->write_at(0, {&part, 1}));
  TALLY_TRY(file->sync_data());
  TALLY_TRY(files_->rename(draft, paths_.manifest()));
  TALLY_TRY(files_->sync_directory(paths_.directory));
  TALLY_TRY(open_file());
  records_ = manifest.segments.size() + 1;
  return ok();
}

}  // namespace tally::store
