#include "tests/support/store_life.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <utility>

#include "store/reader_lock.h"
#include "store/store_listing.h"
#include "tests/support/damaged_segment.h"
#include "tests/support/sink_file.h"

namespace tally::tests {
namespace {

const store::StorePaths kPaths("/store");
constexpr std::size_t kReadersMax = 4;
constexpr std::uint64_t kSinksMax = 3;
constexpr std::uint64_t kKiB = 1024;

/// Files that are full soon, and limits that few or none of the segments are within.
store::StoreOptions any_options(std::mt19937_64& random) {
  store::StoreOptions options;
  options.directory = kPaths.directory;
  options.file_bytes = 16 * kKiB << random() % 3;
  options.file_events_max = 3 + random() % 30;
  store::RetentionLimits& limits = options.retention;
  if (random() % 3 != 0) limits.bytes_max = 2 * kKiB + random() % (30 * kKiB);
  if (random() % 3 == 0) limits.age_max = std::chrono::minutes{random() % 600};
  limits.past_sinks = random() % 6 == 0;
  return options;
}

/// At an operation that may come soon, or late: a commit takes four, sealing a file some fifty.
Fault any_fault(std::mt19937_64& random) {
  constexpr std::array kKinds{FaultKind::crash,     FaultKind::crash,     FaultKind::io,
                              FaultKind::no_space,  FaultKind::read_only, FaultKind::descriptors,
                              FaultKind::half_write};
  constexpr std::array<std::uint64_t, 3> kSpans{4, 40, 400};
  Fault fault{.kind = kKinds[random() % kKinds.size()],
              .at = 1 + random() % kSpans[random() % kSpans.size()],
              .lasting = random() % 2 == 0};
  if (random() % 2 == 0) {
    fault.among = [](const Operation& operation) { return changes_storage(operation.kind); };
  }
  return fault;
}

std::uint64_t bytes_of(const store::Manifest& manifest) {
  std::uint64_t bytes = 0;
  for (const store::SegmentSummary& segment : manifest.segments) bytes += segment.stored_bytes;
  return bytes;
}

}  // namespace

LifeEvents& LifeEvents::operator+=(const LifeEvents& other) noexcept {
  commits += other.commits;
  unanswered += other.unanswered;
  sealed += other.sealed;
  removed += other.removed;
  held_by_sink += other.held_by_sink;
  held_by_reader += other.held_by_reader;
  chunks += other.chunks;
  errors += other.errors;
  crashes += other.crashes;
  kills += other.kills;
  openings += other.openings;
  damages += other.damages;
  return *this;
}

StoreLife::StoreLife(std::uint64_t seed) : random_(seed) { open(); }

StoreLife::~StoreLife() { close(); }

void StoreLife::step() {
  struct Action {
    std::uint64_t weight;
    void (StoreLife::*run)();
  };
  static constexpr std::array kActions{
      Action{300, &StoreLife::commit_group}, Action{30, &StoreLife::rotate},
      Action{60, &StoreLife::prepare_spare}, Action{60, &StoreLife::seal},
      Action{50, &StoreLife::retain},        Action{60, &StoreLife::pass_time},
      Action{40, &StoreLife::move_sink},     Action{10, &StoreLife::forget_sink},
      Action{40, &StoreLife::open_reader},   Action{150, &StoreLife::read_some},
      Action{15, &StoreLife::close_reader},  Action{15, &StoreLife::look_at_all},
      Action{20, &StoreLife::reopen},        Action{40, &StoreLife::begin_fault},
      Action{40, &StoreLife::end_fault},     Action{8, &StoreLife::kill},
      Action{8, &StoreLife::crash},          Action{10, &StoreLife::damage}};
  static constexpr std::uint64_t kWeights = [] {
    std::uint64_t sum = 0;
    for (const Action& action : kActions) sum += action.weight;
    return sum;
  }();
  std::uint64_t at = below(kWeights);
  const Action* action = kActions.data();
  for (; at >= action->weight; ++action) at -= action->weight;
  (this->*action->run)();
  if (files_.down()) crash();
}

void StoreLife::settle() {
  end_fault();
  if (!running_) open();
  ASSERT_TRUE(running_);
  commit_group();
  seal();
  retain();
  crash();
  look_at_all();
}

void StoreLife::commit_group() {
  if (!running_) return;
  clock_.time += std::chrono::seconds{1};
  const Group group = make_group(random_, number_, clock_);
  const bool committed = commit(*running_->store.journal, group, promises_);
  events_.commits += committed ? 1 : 0;
  events_.unanswered += promises_.unanswered ? 1 : 0;
  mark_lags_ = fault_ || (mark_lags_ && !committed);
  expect_success_without_fault(committed);
}

void StoreLife::rotate() {
  if (!running_) return;
  mark_lags_ = mark_lags_ || fault_;
  expect_success_without_fault(running_->store.journal->rotate().has_value());
}

void StoreLife::prepare_spare() {
  if (!running_) return;
  expect_success_without_fault(running_->store.journal->prepare_spare().has_value());
}

void StoreLife::seal() {
  if (!running_) return;
  events_.sealed += static_cast<std::uint64_t>(running_->store.seal_all(files_));
  const auto left = store::list_journals(files_, kPaths);
  expect_success_without_fault(left && left.value().size() == 1);
}

void StoreLife::retain() {
  if (!running_) return;
  const store::Manifest before = running_->store.manifest();
  const bool applied =
      running_->retention.apply(*running_->store.writer, clock_.now(), store::HeldByReader::stays)
          .has_value();
  expect_success_without_fault(applied);
  check_removal(before, applied);
}

/// Never less than the limits ask for, nor more than they and the holders allow. Where a reader
/// holds a little more than what it has not been given, as the file that it has just read to its
/// end, either is right.
void StoreLife::check_removal(const store::Manifest& before, bool succeeded) {
  std::vector<Sequence> sinks;
  if (!options_.retention.past_sinks) {
    for (const auto& [name, next] : sinks_) sinks.push_back(next);
  }
  std::vector<Sequence> most = sinks;
  std::vector<Sequence> least = sinks;
  for (const CheckedReader& reader : readers_) {
    most.push_back(reader.next());
    least.push_back(reader.last_chunk());
  }
  const Sequence removed_max = removable(before, most);
  const Sequence removed = running_->store.manifest().removed.first;
  EXPECT_LE(to_number(removed), to_number(removed_max)) << "what somebody holds is removed";
  EXPECT_GE(to_number(removed), to_number(succeeded ? removable(before, least) : Sequence{0}));
  events_.removed += removed > promises_.first ? 1 : 0;
  events_.held_by_sink += removable(before, sinks) < removable(before, {}) ? 1 : 0;
  events_.held_by_reader += removed_max < removable(before, sinks) ? 1 : 0;
  promises_.first = removed;
  removed_max_ = std::max({removed_max_, removed, succeeded ? removed : removed_max});
}

/// The first event that has to stay: by the limits, and by who has not got these events.
Sequence StoreLife::removable(const store::Manifest& manifest,
                              const std::vector<Sequence>& held) const {
  const store::RetentionLimits& limits = options_.retention;
  Sequence first = manifest.removed.first;
  std::uint64_t bytes = bytes_of(manifest);
  for (const store::SegmentSummary& segment : manifest.segments) {
    const Sequence end = advance(segment.first, segment.count);
    const bool old = limits.age_max && segment.received < clock_.now() - *limits.age_max;
    const bool large = limits.bytes_max && bytes > *limits.bytes_max;
    const auto holds = [&](Sequence next) { return next < end; };
    if (!(old || large) || std::ranges::any_of(held, holds)) break;
    first = end;
    bytes -= segment.stored_bytes;
  }
  return first;
}

void StoreLife::pass_time() { clock_.time += std::chrono::minutes{below(one_in(20) ? 3000 : 60)}; }

void StoreLife::move_sink() {
  if (!running_ || fault_) return;
  const std::string name = "sink-" + std::to_string(below(kSinksMax));
  const Sequence end = advance(kFirstSequence, promises_.lines.size());
  Sequence& next = sinks_.try_emplace(name, promises_.first).first->second;
  if (next < end) next = advance(next, below(1 + distance(next, end)));
  ASSERT_TRUE(put_sink_file(files_, kPaths, running_->store.journal->id(), name, next));
}

void StoreLife::forget_sink() {
  if (fault_ || sinks_.empty()) return;
  const auto sink = std::next(sinks_.begin(), static_cast<std::ptrdiff_t>(below(sinks_.size())));
  ASSERT_TRUE(files_.remove(kPaths.cursors() / sink->first));
  ASSERT_TRUE(files_.sync_directory(kPaths.cursors()));
  sinks_.erase(sink);
}

void StoreLife::open_reader() {
  if (!running_ || readers_.size() == kReadersMax) return;
  const Sequence from = advance(kFirstSequence, below(promises_.lines.size() + 1));
  auto cursor = store::Cursor::open(files_, kPaths.directory, from);
  expect_success_without_fault(cursor.has_value());
  if (!cursor) return;
  readers_.emplace_back(std::move(cursor).value(), from, removed_max_);
}

void StoreLife::read_some() {
  if (!running_ || readers_.empty()) return;
  CheckedReader& reader = readers_[below(readers_.size())];
  for (std::uint64_t looks = 1 + below(8); looks > 0; --looks) {
    const CheckedReader::Look look = reader.read(promises_);
    expect_success_without_fault(look != CheckedReader::Look::error);
    events_.chunks += look == CheckedReader::Look::chunk ? 1 : 0;
    if (look == CheckedReader::Look::end && !fault_ && !mark_lags_) {
      EXPECT_EQ(to_number(reader.next_max()), promises_.lines.size() + 1);
    }
    if (look != CheckedReader::Look::chunk) return;
  }
}

void StoreLife::close_reader() {
  if (readers_.empty()) return;
  readers_.erase(readers_.begin() + static_cast<std::ptrdiff_t>(below(readers_.size())));
}

bool StoreLife::calm() const {
  return running_ && !fault_ && !mark_lags_ && !promises_.unanswered &&
         promises_.first == removed_max_;
}

void StoreLife::look_at_all() {
  if (!calm()) return;
  ASSERT_NO_FATAL_FAILURE(compare(files_, kPaths.directory, *running_->store.journal, promises_));
}

/// Readers live on. What nobody was told of is decided by the opening: it has to be looked at.
void StoreLife::reopen() {
  if (promises_.unanswered) end_fault();
  close();
  open();
}

void StoreLife::begin_fault() {
  if (fault_) return;
  fault_ = any_fault(random_);
  files_.set_fault(fault_);
}

void StoreLife::end_fault() {
  if (files_.down()) return crash();
  files_.set_fault(std::nullopt);
  fault_.reset();
  if (!running_) open();
}

void StoreLife::kill() {
  ++events_.kills;
  close();
  readers_.clear();
  files_.kill();
  fault_.reset();
  open();
}

void StoreLife::crash() {
  ++events_.crashes;
  close();
  readers_.clear();
  files_.crash(random_);
  fault_.reset();
  open();
}

void StoreLife::close() noexcept { running_.reset(); }

void StoreLife::open() {
  options_ = any_options(random_);
  auto opened = try_open();
  expect_success_without_fault(opened.has_value());
  if (!opened) {
    EXPECT_NE(opened.error().code, Errc::corruption) << opened.error().context;
    return;
  }
  running_ = std::move(opened).value();
  ++events_.openings;
  EXPECT_TRUE(running_->store.journal->recovery().corrupt.empty());
  const Sequence removed = running_->store.manifest().removed.first;
  EXPECT_GE(to_number(removed), to_number(promises_.first));
  EXPECT_LE(to_number(removed), to_number(removed_max_));
  promises_.first = removed_max_ = removed;
  mark_lags_ = fault_.has_value();
  if (fault_) return;
  ASSERT_NO_FATAL_FAILURE(compare(files_, kPaths.directory, *running_->store.journal, promises_));
}

/// As Store::open does it.
Result<std::unique_ptr<StoreLife::Running>> StoreLife::try_open() {
  TALLY_TRY(files_.create_directories(kPaths.directory));
  TALLY_TRY(auto lock, store::StoreLock::acquire(files_, kPaths, ""));
  TALLY_TRY(auto removal, store::RemovalLock::open(files_, kPaths));
  TALLY_TRY(auto store, SealingStore::open(files_, clock_, options_));
  return std::make_unique<Running>(
      Running{std::move(lock), std::move(store),
              store::Retention(files_, kPaths, std::move(removal), options_.retention)});
}

void StoreLife::expect_success_without_fault(bool succeeded) {
  EXPECT_TRUE(succeeded || fault_) << "it failed although nothing was wrong";
  events_.errors += succeeded ? 0 : 1;
}

/// A byte of a segment is not what was written, and is mended again; perhaps the store is opened
/// with it.
void StoreLife::damage() {
  if (!calm() || running_->store.manifest().segments.empty()) return;
  ++events_.damages;
  const store::Manifest manifest = running_->store.manifest();
  const store::SegmentSummary& segment = manifest.segments[below(manifest.segments.size())];
  const std::uint64_t at = below(segment.stored_bytes);
  const char mask = static_cast<char>(1U << below(8));
  const auto flip = [&] { flip_bits(files_, kPaths.segment_file(segment.number), at, mask); };
  const auto look = [&] { expect_no_more_lost(files_, kPaths.directory, promises_, segment); };
  flip();
  look();
  if (one_in(2)) {
    close();
    auto opened = try_open();
    ASSERT_TRUE(opened) << to_string(opened.error());
    running_ = std::move(opened).value();
    EXPECT_EQ(running_->store.manifest(), manifest);
    look();
  }
  flip();
}

}  // namespace tally::tests
