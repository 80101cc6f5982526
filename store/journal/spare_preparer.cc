#include "store/journal/spare_preparer.h"

#include <spdlog/spdlog.h>

#include "store/journal/journal.h"

namespace tally::store {

SparePreparer::SparePreparer(Journal& journal)
    : journal_(journal), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void SparePreparer::request() {
  {
    const std::lock_guard lock(mutex_);
    requested_ = true;
  }
  wanted_.notify_one();
}

void SparePreparer::run(const std::stop_token& stop) {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      if (!wanted_.wait(lock, stop, [this] { return requested_; })) return;
      requested_ = false;
    }
    // Without a spare the journal still works, with slower commits; the next rotation asks again.
    if (const auto made = journal_.prepare_spare(); !made) {
      spdlog::warn("no journal file could be written ahead: {}", to_string(made.error()));
    }
  }
}

}  // namespace tally::store
