#include "ingest/event_receiver.h"

#include <chrono>
#include <cstring>
#include <iterator>
#include <utility>

#include "ingest/body_type.h"
#include "ingest/verdict_batch.h"
#include "model/check.h"

namespace tally::ingest {
namespace {

static_assert(net::kBodyPadding >= Validator::kPadding);

// Bodies that come within this time of one another share their time of receipt, and so their run.
constexpr std::chrono::milliseconds kReceiptGranularity{10};

// With fewer, commits were a third smaller (32 connections); more brought nothing.
constexpr int kLooksBeforeFlush = 2;

constexpr std::size_t kSpareGroupsMax = 8;

struct Refused {
  int status;
  std::optional<std::chrono::seconds> retry_after;
};

/// What a client is told, and when to come again, if nothing of its post was taken.
Refused to_answer(Errc code) noexcept {
  using std::chrono::seconds;
  switch (code) {
    case Errc::overloaded:
      return {503, seconds(1)};
    case Errc::no_space:
      return {503, seconds(30)};
    case Errc::too_large:
      return {413, seconds(0)};
    default:
      return {503, seconds(5)};
  }
}

}  // namespace

EventReceiver::EventReceiver(net::IoThread& thread, store::Store& store, const Clock& clock)
    : thread_(thread), store_(store), clock_(clock) {}

EventReceiver::~EventReceiver() { TALLY_CHECK(packed_.empty() && in_flight_.empty()); }

void EventReceiver::handle(const net::Request& request, net::Reply reply) {
  if (!request.content_encoding.empty() && request.content_encoding != "identity") {
    return reply.send_error(415, "Content-Encoding: only identity is understood");
  }
  const std::optional<BodyForm> form = body_form(request.content_type);
  if (!form) {
    return reply.send_error(415,
                            "Content-Type: application/json or application/x-ndjson is wanted");
  }
  set_origin(request);
  if (request.body.size() <= BatchPacker::kBodyBytesMax) {
    take_small(request, *form, std::move(reply));
  } else {
    take_large(request, *form, std::move(reply));
  }
}

void EventReceiver::set_origin(const net::Request& request) {
  if (origin_.source != request.peer) origin_.source = request.peer;
  const UtcTime now = clock_.now();
  const UtcTime last = origin_.received;
  if (now < last || now - last > kReceiptGranularity) origin_.received = now;
}

void EventReceiver::take_small(const net::Request& request, BodyForm form, net::Reply reply) {
  if (!packer_.has_room(request.body.size())) flush();
  const std::span<char> body = packer_.room(request.body.size());
  std::memcpy(body.data(), request.body.data(), body.size());
  const Verdict& verdict = validator_.validate(body, form);
  if (verdict.count == 0 && verdict.refusals.empty()) {
    return reply.send_error(400, "the body holds no event");
  }
  packer_.add(verdict, origin_);
  packed_.push_back({std::move(reply), verdict.count, describe(verdict.refusals)});
  if (packs_in_flight_ == 0) flush_soon();
}

void EventReceiver::take_large(const net::Request& request, BodyForm form, net::Reply reply) {
  const Verdict& verdict = validator_.validate(request.body, form);
  if (verdict.count == 0 && verdict.refusals.empty()) {
    return reply.send_error(400, "the body holds no event");
  }
  store::Batch batch;
  append_verdict(verdict, origin_, encoder_, batch);
  const Groups::iterator group = new_group();
  group->packed = false;
  group->waiting.push_back({std::move(reply), verdict.count, describe(verdict.refusals)});
  submit(std::move(batch), group);
}

/// Flushes after the loop has looked for input a few times more. A commit costs many times what a
/// request does, so it pays to let those in whose clients have just got their answers: 32 clients
/// that wait for each answer then share one commit instead of taking turns in two or three.
void EventReceiver::flush_soon() {
  if (packer_.empty() || std::exchange(flush_posted_, true)) return;
  flush_after(kLooksBeforeFlush);
}

void EventReceiver::flush_after(int looks) {
  thread_.post([this, looks] {
    if (looks > 0) return flush_after(looks - 1);
    flush_posted_ = false;
    if (packs_in_flight_ == 0) flush();
  });
}

void EventReceiver::flush() {
  if (packer_.empty()) return;
  ++packs_in_flight_;
  const Groups::iterator group = new_group();
  group->packed = true;
  group->waiting.swap(packed_);
  submit(packer_.take(encoder_), group);
}

EventReceiver::Groups::iterator EventReceiver::new_group() {
  if (spare_.empty()) spare_.emplace_back();
  in_flight_.splice(in_flight_.end(), spare_, spare_.begin());
  return std::prev(in_flight_.end());
}

void EventReceiver::submit(store::Batch batch, Groups::iterator group) {
  store_.submit(std::move(batch), [this, group](const store::CommitResult& result) {
    // On the committer's thread, which hands the group back by the post.
    group->result = result;
    thread_.post([this, group] { finish(group); });
  });
}

void EventReceiver::finish(Groups::iterator group) {
  if (group->packed) --packs_in_flight_;
  if (packs_in_flight_ == 0) flush_soon();
  std::uint64_t events_before = 0;
  for (Waiting& waiting : group->waiting) {
    const std::uint32_t accepted = waiting.accepted;
    answer(waiting, *group->result, events_before);
    events_before += accepted;
  }
  group->waiting.clear();
  group->result.reset();
  if (spare_.size() < kSpareGroupsMax) {
    spare_.splice(spare_.end(), in_flight_, group);
  } else {
    in_flight_.erase(group);
  }
}

void EventReceiver::answer(Waiting& waiting, const store::CommitResult& result,
                           std::uint64_t events_before) {
  if (!result) {
    const Error& error = result.error();
    if (error.code == Errc::indeterminate) return waiting.reply.abort();
    const auto [status, retry_after] = to_answer(error.code);
    return waiting.reply.send_error(status, error.context, retry_after);
  }
  text_.clear();
  append_answer(text_, waiting.accepted, advance(result.value().first, events_before),
                waiting.refusals);
  waiting.reply.send({.status = waiting.accepted > 0 ? 200 : 400, .body = text_});
}

}  // namespace tally::ingest
