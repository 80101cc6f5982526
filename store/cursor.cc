#include "store/cursor.h"

#include <utility>

#include "store/journal/durable_watch.h"
#include "store/store_walk.h"

namespace tally::store {

struct Cursor::State {
  std::unique_ptr<StoreWalk> walk;
  StorePaths paths;
  std::optional<DurableWatch> watch;  ///< only for those who wait: inotify instances are few
};

Result<Cursor> Cursor::open(FileSystem& files, const Path& directory, Sequence from,
                            Selection selection) {
  const StorePaths paths(directory);
  TALLY_TRY(auto walk, StoreWalk::open(files, paths, from, std::move(selection)));
  return Cursor(std::make_unique<State>(State{std::move(walk), paths, std::nullopt}));
}

Cursor::Cursor(std::unique_ptr<State> state) : state_(std::move(state)) {}
Cursor::~Cursor() = default;
Cursor::Cursor(Cursor&&) noexcept = default;
Cursor& Cursor::operator=(Cursor&&) noexcept = default;

Result<std::optional<Chunk>> Cursor::next() { return state_->walk->next(); }

bool Cursor::wait(std::chrono::milliseconds timeout) {
  if (state_->watch) return state_->watch->wait(timeout);
  state_->watch.emplace(state_->paths);
  return true;  // What came before the watch began is seen by looking once more.
}

Sequence Cursor::position() const noexcept { return state_->walk->position(); }

const StoreId& Cursor::id() const noexcept { return state_->walk->id(); }

const std::vector<CorruptRange>& Cursor::corrupt() const noexcept {
  return state_->walk->corrupt();
}

const std::vector<RemovedEvents>& Cursor::removed() const noexcept {
  return state_->walk->removed();
}

}  // namespace tally::store
