#include "ingest/kafka/consume_session.h"

#include <poll.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <string>
#include <utility>

#include "ingest/kafka/fetch_properties.h"
#include "kafka/kafka_error.h"
#include "kafka/topic_query.h"

namespace tally::ingest {
namespace {

using kafka::KafkaClient;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// What the clients report is taken in so often, at least.
constexpr milliseconds kIdle{500};
/// In trouble, brokers are asked so often whether they answer again.
constexpr milliseconds kLookInTrouble{1000};
constexpr milliseconds kClosedWithin{5000};

}  // namespace

ConsumeSession::ConsumeSession(const PartitionContext& context, const KafkaSourceOptions& options,
                               WakeSignal& wake, SourceMemory& memory, std::stop_token stop)
    : context_(context), options_(options), wake_(wake), memory_(memory), stop_(std::move(stop)) {}

ConsumeSession::~ConsumeSession() { end(); }

Result<void> ConsumeSession::begin() {
  TALLY_TRY(connect());
  PlaceFinder finder({*asker_, *group_, context_.store, options_.settings, options_.gone_after,
                      context_.counters, memory_, stop_});
  TALLY_TRY(found_, finder.find());
  TALLY_TRY(fetcher_, KafkaClient::open(KafkaClient::Kind::consumer, options_.settings.topic,
                                        fetch_properties(options_.settings, found_.ours.size()),
                                        context_.counters));
  for (const auto& [partition, start] : found_.ours) {
    if (start.state == PartitionState::reading) {
      TALLY_TRY(add(partition, start));
    }
    if (start.state == PartitionState::gone) mark_as_gone(partition, start);
  }
  look_at_ = steady_clock::now() + options_.look_interval;
  context_.counters.healed();
  return ok();
}

Result<void> ConsumeSession::connect() {
  const ConsumeSettings& settings = options_.settings;
  TALLY_TRY(asker_, KafkaClient::open(KafkaClient::Kind::consumer, settings.topic,
                                      {{"group.id", settings.group},
                                       {"enable.auto.commit", "false"},
                                       {"isolation.level", "read_uncommitted"}},
                                      context_.counters));
  group_.emplace(*asker_, settings.topic.topic, settings.group);
  publisher_.emplace(*group_,
                     GroupClaim{to_string(context_.store.id()), to_string(settings.member),
                                settings.generation, false},
                     options_.publish_interval);
  return ok();
}

Result<void> ConsumeSession::add(std::int32_t partition, const PartitionStart& start) {
  const std::string& topic = options_.settings.topic.topic;
  auto task = std::make_unique<PartitionTask>(
      PartitionTask::Identity{topic + "/" + std::to_string(partition),
                              place_source(found_.topic, partition)},
      PartitionPlace{start.next, found_.partitions, false});
  TALLY_TRY(task->start(*fetcher_, topic, partition, wake_.descriptor()));
  tasks_.emplace(partition, std::move(task));
  return ok();
}

/// So that it is not read after a restart either, when the new topic may have grown beyond the
/// place. If that fails, it is found again.
void ConsumeSession::mark_as_gone(std::int32_t partition, const PartitionStart& start) {
  store::Batch batch;
  batch.checkpoints.push_back({place_source(found_.topic, partition),
                               encode(PartitionPlace{start.next, found_.partitions, true})});
  context_.store.submit(std::move(batch), [](const store::CommitResult&) {});
}

Result<void> ConsumeSession::read() {
  while (!stop_.stop_requested() && !over_) {
    asker_->poll(milliseconds{0});
    fetcher_->poll(milliseconds{0});
    turn();
    TALLY_TRY(publish());
    TALLY_TRY(look_around());
    publish_stats();
    wait();
    take_answers();
  }
  return ok();
}

void ConsumeSession::turn() {
  const auto now = steady_clock::now();
  for (const auto& [partition, task] : tasks_) {
    task->turn(context_, now);
    over_ = over_ || task->is_astray();
  }
}

void ConsumeSession::take_answers() {
  const auto now = steady_clock::now();
  for (auto& [task, result] : context_.inbox.take_all()) task->take(result, context_, now);
}

/// What has changed since the session began.
Result<void> ConsumeSession::look_around() {
  const auto now = steady_clock::now();
  const bool trouble = !context_.counters.stats().trouble.empty();
  if (trouble) look_at_ = std::min(look_at_, now + kLookInTrouble);
  if (now < look_at_) return ok();
  look_at_ = now + options_.look_interval;
  const auto topic = kafka::describe_topic(*asker_, options_.settings.topic.topic);
  if (!topic) return ok();
  if (topic->error != 0) {
    return kafka::kafka_error(kafka::TopicUse::read, topic->error,
                              "topic " + options_.settings.topic.topic, "");
  }
  context_.counters.healed();
  if (topic->partitions > found_.partitions) {
    spdlog::info(options_.settings.topic.topic + " has " + std::to_string(topic->partitions) +
                 " partitions now, " + std::to_string(found_.partitions) + " before");
    over_ = true;
    return ok();
  }
  return look_at_claims();
}

/// Whether a partition that is held has become free, or one that we read is read by another, too.
Result<void> ConsumeSession::look_at_claims() {
  std::vector<std::int32_t> ours;
  for (const auto& [partition, start] : found_.ours) {
    if (start.state != PartitionState::gone) ours.push_back(partition);
  }
  if (ours.empty()) return ok();
  TALLY_TRY(const auto published, group_->ask_once(ours));
  if (!published) return ok();
  const std::string own = to_string(context_.store.id());
  for (const auto& [partition, offset] : *published) {
    const auto claim = parse_group_claim(offset.metadata);
    const bool others = claim && !claim->closed && claim->store != own &&
                        claim->generation == options_.settings.generation;
    const bool held = found_.ours.at(partition).state == PartitionState::held;
    over_ = over_ || others != held;
  }
  return ok();
}

/// What brokers do not take at the moment is published later; who may not publish is told so.
Result<void> ConsumeSession::publish() {
  auto published = publisher_->turn(places(), steady_clock::now());
  if (published || published.error().code != Errc::io) return published;
  context_.counters.retrying(published.error().context);
  return ok();
}

OffsetPublisher::Places ConsumeSession::places() const {
  OffsetPublisher::Places places;
  for (const auto& [partition, task] : tasks_) {
    if (const auto next = task->published_place()) places.emplace(partition, *next);
  }
  return places;
}

void ConsumeSession::publish_stats() {
  std::uint64_t lag = 0;
  for (const auto& [partition, task] : tasks_) lag += task->lag();
  const auto count = [&](PartitionState state) {
    return static_cast<std::uint64_t>(std::ranges::count_if(
        found_.ours, [&](const auto& ours) { return ours.second.state == state; }));
  };
  context_.counters.update([&](KafkaSourceStats& stats) {
    stats.partitions = tasks_.size();
    stats.held = count(PartitionState::held);
    stats.gone = count(PartitionState::gone);
    stats.lag = lag;
  });
}

/// Sleeps until records or answers are there, or something is due.
void ConsumeSession::wait() {
  milliseconds limit = std::min({kIdle, options_.look_interval, options_.publish_interval});
  const auto now = steady_clock::now();
  for (const auto& [partition, task] : tasks_) {
    const auto due = task->due();
    if (due) limit = std::min(limit, std::chrono::ceil<milliseconds>(*due - now));
  }
  pollfd entry{wake_.descriptor(), POLLIN, 0};
  ::poll(&entry, 1, static_cast<int>(std::max(limit, milliseconds{0}).count()));
  wake_.clear();
}

bool ConsumeSession::has_outstanding() const {
  return std::ranges::any_of(tasks_,
                             [](const auto& task) { return task.second->is_outstanding(); });
}

void ConsumeSession::end() {
  while (has_outstanding()) {
    wait();
    take_answers();
  }
  if (!stop_.stop_requested() || !publisher_) return tasks_.clear();
  const auto closed = publisher_->close(places(), kClosedWithin);
  if (!closed) {
    spdlog::warn(
        options_.settings.name() +
        ": the group's offsets are not closed, so that no other store goes on from them: " +
        to_string(closed.error()));
  }
  publisher_.reset();
  publish_stats();
  tasks_.clear();
}

}  // namespace tally::ingest
