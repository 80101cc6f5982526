#include "store/rejected/refused_walk.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "store/rejected/refused_codec.h"

namespace tally::store {
namespace {

constexpr ScanOptions kScan{.check_frames = false, .keep_refused = true};

bool passable(const Error& error) noexcept {
  return error.code == Errc::corruption || error.code == Errc::not_found;
}

}  // namespace

RefusedWalk::RefusedWalk(FileSystem& files, StorePaths paths)
    : files_(&files), paths_(std::move(paths)) {}

Result<RefusedWalk> RefusedWalk::open(FileSystem& files, const Path& directory) {
  RefusedWalk walk(files, StorePaths(directory));
  TALLY_TRY(walk.list());
  return walk;
}

/// The journal first: what is sealed meanwhile is in rejected/ before it leaves the journal.
Result<void> RefusedWalk::list() {
  TALLY_TRY(listing_, list_store(*files_, paths_));
  if (listing_.empty()) {
    return Error{Errc::not_found, "no store in " + paths_.directory.string()};
  }
  TALLY_TRY(limit_, read_durable_limit(*files_, paths_, {}));
  numbers_.insert(listing_.journals.begin(), listing_.journals.end());
  const auto names = files_->list(paths_.rejected());
  if (!names && names.error().code != Errc::not_found) return names.error();
  for (const std::string& name : names ? names.value() : std::vector<std::string>()) {
    if (const auto number = parse_rejected_name(name)) numbers_.insert(*number);
  }
  return ok();
}

Result<std::optional<std::vector<RefusedEvent>>> RefusedWalk::next() {
  while (true) {
    if (!rejected_ && !journal_) {
      TALLY_TRY(const bool more, enter_next());
      if (!more) return std::optional<Events>();
      continue;
    }
    TALLY_TRY(Events events, rejected_ ? next_rejected() : next_in_journal());
    if (!events.empty()) return std::optional(std::move(events));
  }
}

/// A journal file that is sealed just now has got its events into rejected/ before.
Result<bool> RefusedWalk::enter_next() {
  while (!numbers_.empty()) {
    const std::uint64_t number = numbers_.extract(numbers_.begin()).value();
    if (std::ranges::binary_search(listing_.journals, number)) {
      TALLY_TRY(const bool entered, enter_journal(number));
      if (entered) return true;
    }
    TALLY_TRY(const bool entered, enter_rejected(number));
    if (entered) return true;
  }
  return false;
}

Result<bool> RefusedWalk::enter_journal(std::uint64_t number) {
  if (number > limit_.number) return false;
  std::vector<std::uint64_t> damaged;  // Each is told when the walk comes to it.
  auto opened = JournalReader::open(*files_, paths_, number, kScan);
  if (!opened && passable(opened.error())) {
    if (opened.error().code == Errc::corruption) note_damage(paths_.journal_file(number));
    return false;
  }
  if (!opened) return opened.error();
  cut_.reset();
  if (number < limit_.number) {
    auto cut = find_journal_cut(*files_, paths_, listing_, number, damaged);
    if (!cut && passable(cut.error())) {
      TALLY_TRY(listing_, list_store(*files_, paths_));
      cut = find_journal_cut(*files_, paths_, listing_, number, damaged);
    }
    TALLY_TRY(cut_, std::move(cut));
  }
  journal_.emplace(std::move(opened).value());
  return true;
}

Result<bool> RefusedWalk::enter_rejected(std::uint64_t number) {
  auto opened = RejectedFileReader::open(*files_, paths_, number);
  if (opened) {
    rejected_.emplace(std::move(opened).value());
    return true;
  }
  if (opened.error().code == Errc::corruption) note_damage(paths_.rejected_file(number));
  if (!passable(opened.error())) return opened.error();
  return false;
}

Result<RefusedWalk::Events> RefusedWalk::next_rejected() {
  auto pack = rejected_->next();
  if (pack && pack.value()) {
    auto events = unpack_refused(pack.value()->frame);
    if (events) return events;
    note_damage(paths_.rejected_file(rejected_->header().number));
    return Events();
  }
  if (!pack && pack.error().code != Errc::corruption) return pack.error();
  if (!pack) note_damage(paths_.rejected_file(rejected_->header().number));
  rejected_.reset();
  return Events();
}

Result<RefusedWalk::Events> RefusedWalk::next_in_journal() {
  auto commit = cut_ ? journal_->next_before(*cut_) : journal_->next_within(limit_.in_file);
  std::ranges::move(journal_->take_corrupt(), std::back_inserter(corrupt_));
  if (!commit) return commit.error();
  if (commit.value()) return std::move(commit.value()->header.refused);
  journal_.reset();
  return Events();
}

void RefusedWalk::note_damage(const Path& path) {
  corrupt_.push_back({path, 0, 0, Sequence{0}, 0});
}

}  // namespace tally::store
