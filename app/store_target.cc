#include <fmt/format.h>

#include <cstdio>
#include <future>
#include <utility>

#include "app/event_target.h"
#include "ingest/verdict_batch.h"
#include "store/journal/frame_encoder.h"
#include "store/store.h"
#include "store/store_lock.h"

namespace tally::app {

namespace {

class StoreTarget final : public EventTarget {
 public:
  StoreTarget(std::unique_ptr<store::Store> opened, const Clock& clock,
              const std::string& directory)
      : name_("the store in " + directory), store_(std::move(opened)), clock_(clock) {}

  Result<ingest::PostAnswer> write(std::span<char> body, ingest::BodyForm form,
                                   const EventOrigin& origin) override {
    const ingest::Verdict& verdict = validator_.validate(body, form);
    ingest::PostAnswer answer;
    answer.accepted = verdict.count;
    for (const ingest::Refusal& refusal : verdict.refusals) {
      answer.rejected.push_back({refusal.line, refusal.reason});
      answer.rejected_total += refusal.events;
    }
    store::Batch batch;
    const ingest::BodyOrigin body_origin{origin.kind, origin.name, "", origin.offset, clock_.now()};
    ingest::append_verdict(verdict, body_origin, encoder_, batch);
    TALLY_TRY(const auto range, commit(std::move(batch)));
    if (range.count == 0) return answer;
    answer.first = range.first;
    answer.last = advance(range.first, range.count - 1);
    return answer;
  }

  const std::string& name() const noexcept override { return name_; }

 private:
  // Returns when the batch is durable.
  store::CommitResult commit(store::Batch batch) {
    std::promise<store::CommitResult> promise;
    store_->submit(std::move(batch),
                   [&promise](const store::CommitResult& result) { promise.set_value(result); });
    return promise.get_future().get();
  }

  const std::string name_;
  const std::unique_ptr<store::Store> store_;
  const Clock& clock_;
  ingest::Validator validator_;
  store::FrameEncoder encoder_;
};

}  // namespace

Result<std::unique_ptr<EventTarget>> open_store_target(CommandContext& context,
                                                       const std::string& directory) {
  store::StoreOptions options;
  options.directory = directory;
  auto opened = store::Store::open(context.files, context.clock, options);
  if (opened) {
    return std::make_unique<StoreTarget>(std::move(opened).value(), context.clock, directory);
  }
  if (opened.error().code != Errc::held) return std::move(opened).error();
  TALLY_TRY(const auto holder, store::find_holder(context.files, store::StorePaths(directory)));
  if (!holder || holder->address.empty()) return std::move(opened).error();
  fmt::print(stderr, "tally: a collector (pid {}) has the store in {}: posting to it at {}\n",
             holder->pid, directory, holder->address);
  return open_collector_target("http://" + holder->address);
}

}  // namespace tally::app
