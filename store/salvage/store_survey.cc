#include "store/salvage/store_survey.h"

#include <algorithm>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

#include "store/paths.h"
#include "store/salvage/patient_file.h"
#include "store/store_lock.h"

namespace tally::store {
namespace {

std::uint64_t number_of_name(const Path& path) {
  const std::string name = path.filename().string();
  const std::string stem = name.substr(0, name.find('.'));
  for (const char* suffix : {".jsonl.zst", ".seg", ".rej"}) {
    const std::string plain = stem + suffix;
    for (const auto number :
         {parse_journal_name(plain), parse_segment_name(plain), parse_rejected_name(plain)}) {
      if (number) return *number;
    }
  }
  return SurveyedFile::kNoNumber;
}

/// Gathers files, and what they say of themselves.
class Surveyor {
 public:
  explicit Surveyor(FileSystem& files) : files_(&files) {}

  Result<void> add(const Path& path) {
    const std::size_t before = survey_.files.size();
    auto names = files_->list(path);
    if (!names) return add_named(path);
    const StorePaths paths(path);
    bool is_store = false;
    for (const Path& room : {paths.rejected(), paths.segments(), paths.journal()}) {
      TALLY_TRY(const bool there, add_room(room));
      is_store = is_store || there;
    }
    if (!is_store) {
      for (const std::string& name : names.value()) {
        TALLY_TRY(add_file(path / name, false));
      }
      return ok();
    }
    return add_store(paths, before);
  }

  StoreSurvey finish();

 private:
  Result<bool> add_room(const Path& room);
  Result<void> add_named(const Path& path);
  Result<void> add_file(const Path& path, bool named);
  Result<void> add_store(const StorePaths& paths, std::size_t first_file);
  void fill_in_stores();
  void set_cuts();

  FileSystem* files_;
  StoreSurvey survey_;
  std::vector<bool> has_store_;
};

Result<bool> Surveyor::add_room(const Path& room) {
  auto names = files_->list(room);
  if (!names && names.error().code == Errc::not_found) return false;
  if (!names) return names.error();
  for (const std::string& name : names.value()) {
    TALLY_TRY(add_file(room / name, false));
  }
  return true;
}

Result<void> Surveyor::add_named(const Path& path) {
  TALLY_TRY(const bool there, files_->exists(path));
  if (!there) return Error{Errc::not_found, "there is no " + path.string()};
  return add_file(path, true);
}

Result<void> Surveyor::add_file(const Path& path, bool named) {
  auto opened = files_->open(path, OpenMode::read);
  // Gone since it was listed: sealed or removed. What it became is found when listing once more.
  if (!opened && opened.error().code == Errc::not_found && !named) return ok();
  SurveyedFile found;
  found.path = path;
  found.named = named;
  found.draft = path.filename() == "draft" || path.filename() == "spare";
  SalvageFindings says;
  const bool readable = opened.has_value();
  if (readable) {
    PatientFile file(std::move(opened).value());
    TALLY_TRY(found.kind, recognise(file, path));
    TALLY_TRY(says, introduce(file, path, found.kind));
  }
  if (readable && found.kind == SalvageKind::unknown && !named) return ok();
  found.number = says.number.value_or(number_of_name(path));
  found.store = says.store.value_or(StoreId());
  found.first = says.first;
  survey_.files.push_back(std::move(found));
  has_store_.push_back(says.store.has_value());
  return ok();
}

Result<void> Surveyor::add_store(const StorePaths& paths, std::size_t first_file) {
  SurveyedStore store{.directory = paths.directory, .store = {}, .manifest = {}, .durable = {}};
  if (auto found = read_manifest(*files_, paths))
    store.manifest = std::move(found).value().manifest;
  if (const auto mark = read_durable_mark(*files_, paths)) store.durable = mark.value();
  if (const auto holder = find_holder(*files_, paths)) store.written = holder.value().has_value();
  for (std::size_t i = first_file; i < has_store_.size(); ++i) {
    if (has_store_[i]) store.store = survey_.files[i].store;
  }
  if (store.manifest.store) store.store = *store.manifest.store;
  for (std::size_t i = first_file; i < has_store_.size(); ++i) {
    if (!has_store_[i]) survey_.files[i].store = store.store;
    has_store_[i] = true;
  }
  survey_.stores.push_back(std::move(store));
  return ok();
}

/// A file whose header is lost is taken to be of the store that the first other one is of.
void Surveyor::fill_in_stores() {
  const auto known = std::ranges::find(has_store_, true);
  if (known == has_store_.end()) return;
  const StoreId store = survey_.files[static_cast<std::size_t>(known - has_store_.begin())].store;
  for (std::size_t i = 0; i < has_store_.size(); ++i) {
    if (!has_store_[i]) survey_.files[i].store = store;
  }
}

/// From the newest file of each store to its oldest. A file whose header is lost cuts nothing off:
/// what the file before it says too much was never acknowledged, and may be present or absent.
void Surveyor::set_cuts() {
  auto& files = survey_.files;
  std::optional<Sequence> cut;   // Of the files whose number is below `number`.
  std::optional<Sequence> next;  // The same, with the files of this number.
  for (std::size_t i = files.size(); i-- > 0;) {
    SurveyedFile& file = files[i];
    const bool other_store = i + 1 < files.size() && files[i + 1].store != file.store;
    if (other_store) cut = next = std::nullopt;
    if (file.draft || file.number == SurveyedFile::kNoNumber) continue;
    if (i + 1 < files.size() && files[i + 1].number != file.number) cut = next;
    file.cut = cut;
    if (file.first) next = std::min(next.value_or(*file.first), *file.first);
  }
}

StoreSurvey Surveyor::finish() {
  fill_in_stores();
  auto& files = survey_.files;
  std::ranges::stable_sort(files, {}, [](const SurveyedFile& file) {
    return std::tuple(file.store.bytes, file.draft, file.number, file.kind);
  });
  // The same file by two names of its path, such as that of its directory and its own.
  const auto again = std::unique(
      files.begin(), files.end(),
      [](const SurveyedFile& one, const SurveyedFile& other) { return one.path == other.path; });
  files.erase(again, files.end());
  set_cuts();
  return std::move(survey_);
}

}  // namespace

Result<StoreSurvey> survey(FileSystem& files, std::span<const Path> paths) {
  Surveyor surveyor(files);
  for (const Path& path : paths) {
    TALLY_TRY(surveyor.add(path));
  }
  return surveyor.finish();
}

}  // namespace tally::store
