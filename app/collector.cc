#include "app/collector.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <thread>
#include <utility>

#include "app/collector_readiness.h"
#include "app/damage_text.h"
#include "app/metrics_page.h"
#include "app/port_holder.h"
#include "app/router.h"
#include "app/seal_handler.h"
#include "ingest/event_receiver.h"
#include "ingest/file_follower.h"
#include "ingest/kafka/kafka_source.h"
#include "net/http_server.h"
#include "shipper/make_sink.h"
#include "shipper/shipper.h"
#include "store/store.h"

namespace tally::app {

namespace {

store::StoreOptions store_options(const Config& config) {
  store::StoreOptions options;
  options.directory = config.data;
  options.address = config.listen;
  options.durability = config.durability;
  options.file_bytes = config.journal_file_bytes;
  options.file_events_max = config.journal_file_events;
  options.file_age_max = config.journal_file_age;
  options.queue_bytes_max = config.queue_bytes;
  options.rejected_bytes_max = config.rejected_bytes;
  if (config.retention_age > std::chrono::nanoseconds{0}) {
    options.retention.age_max = config.retention_age;
  }
  if (config.retention_bytes > 0) options.retention.bytes_max = config.retention_bytes;
  options.retention.past_sinks = config.retention_past_sinks;
  options.disk_percent_max = config.disk_percent;
  return options;
}

net::HttpServerOptions server_options(const Config& config) {
  net::HttpServerOptions options;
  options.address = config.listen;
  options.threads = config.io_threads > 0
                        ? config.io_threads
                        : std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
  options.allowed_hosts = config.allowed_hosts;
  options.connections_max = config.connections_max;
  options.body_budget_bytes = config.body_memory_bytes;
  return options;
}

void log_recovery(const store::Store& opened, const Config& config) {
  const store::RecoveryReport& report = opened.recovery();
  spdlog::info("store {} in {}: {} events in {} journal files", to_string(opened.id()), config.data,
               report.events, report.files);
  if (report.torn_bytes > 0) {
    spdlog::info("cut {} bytes of writes that a crash had broken off; none was acknowledged",
                 report.torn_bytes);
  }
  for (const store::CorruptRange& range : report.corrupt) {
    spdlog::error("CORRUPTION: {}; the rest stays readable", damage_text(range));
  }
  if (!report.corrupt.empty()) spdlog::error(kSalvageHint);
}

// Who has the address that could not be had, and what to do.
Error explain_address(const Error& error, const Config& config) {
  const std::string port = config.listen.substr(config.listen.rfind(':') + 1);
  std::uint16_t number = 0;
  std::from_chars(port.data(), port.data() + port.size(), number);
  const std::string holder = find_port_holder(number);
  std::string context = config.listen + " is in use";
  if (!holder.empty()) context += " by " + holder;
  return {error.code, context + ": stop that, or choose another one with --listen ADDR:PORT"};
}

Result<std::vector<std::unique_ptr<shipper::Shipper>>> make_shippers(store::FileSystem& files,
                                                                     const Clock& clock,
                                                                     const Config& config) {
  std::vector<std::unique_ptr<shipper::Shipper>> shippers;
  for (const std::string& url : config.ship) {
    TALLY_TRY(auto plan, shipper::plan_sink(url));
    const std::string name = plan.options.name;
    const bool twice =
        std::ranges::any_of(shippers, [&](const auto& shipper) { return shipper->name() == name; });
    if (twice) {
      return Error{Errc::invalid, "two sinks are called " + name + ": add name=NAME to one's URL"};
    }
    shippers.push_back(std::make_unique<shipper::Shipper>(
        files, clock, config.data, std::move(plan.options), std::move(plan.factory)));
  }
  return shippers;
}

/// One source a topic: two that read the same partitions would move the same places.
Result<std::vector<ingest::ConsumeSettings>> read_topics(const Config& config) {
  std::vector<ingest::ConsumeSettings> topics;
  for (const std::string& url : config.consume) {
    TALLY_TRY(auto topic, ingest::read_consume_url(url));
    const bool twice = std::ranges::any_of(
        topics, [&](const auto& other) { return other.name() == topic.name(); });
    if (twice) return Error{Errc::invalid, topic.name() + " is to be consumed twice"};
    topics.push_back(std::move(topic));
  }
  return topics;
}

std::vector<std::unique_ptr<ingest::KafkaSource>> make_sources(
    store::Store& into, const Clock& clock, std::vector<ingest::ConsumeSettings> topics) {
  std::vector<std::unique_ptr<ingest::KafkaSource>> sources;
  for (ingest::ConsumeSettings& topic : topics) {
    ingest::KafkaSourceOptions options;
    options.settings = std::move(topic);
    sources.push_back(std::make_unique<ingest::KafkaSource>(into, clock, std::move(options)));
  }
  return sources;
}

}  // namespace

// In the order of their construction; stop() takes them down.
struct Collector::Parts {
  std::unique_ptr<store::Store> store;
  std::unique_ptr<CollectorReadiness> readiness;
  std::unique_ptr<MetricsPage> metrics;
  std::vector<std::unique_ptr<ingest::KafkaSource>> sources;
  std::unique_ptr<net::HttpServer> server;
  std::unique_ptr<ingest::FileFollower> follower;
  std::vector<std::unique_ptr<shipper::Shipper>> shippers;
  std::string address;
};

Result<std::unique_ptr<Collector>> Collector::start(store::FileSystem& files, const Clock& clock,
                                                    const Config& config) {
  auto parts = std::make_unique<Parts>();
  TALLY_TRY(parts->shippers, make_shippers(files, clock, config));
  TALLY_TRY(auto topics, read_topics(config));
  TALLY_TRY(parts->store, store::Store::open(files, clock, store_options(config)));
  log_recovery(*parts->store, config);
  parts->readiness = std::make_unique<CollectorReadiness>(*parts->store);
  parts->metrics = std::make_unique<MetricsPage>(*parts->store, *parts->readiness);
  parts->sources = make_sources(*parts->store, clock, std::move(topics));
  parts->metrics->add_sources(parts->sources);

  Parts& wired = *parts;
  const net::HandlerFactory factory = [&wired, &clock](net::IoThread& thread) {
    auto receiver = std::make_unique<ingest::EventReceiver>(thread, *wired.store, clock);
    auto sealing = std::make_unique<SealHandler>(thread, *wired.store);
    return std::make_unique<Router>(std::move(receiver), std::move(sealing), *wired.readiness,
                                    *wired.metrics);
  };
  auto server = net::HttpServer::start(server_options(config), factory);
  if (!server) {
    return server.error().code == Errc::held ? explain_address(server.error(), config)
                                             : std::move(server).error();
  }
  parts->server = std::move(server).value();
  parts->address = parts->server->address();
  parts->metrics->add_server(*parts->server);
  TALLY_TRY(parts->store->set_address(parts->address));

  if (!config.tail.empty()) {
    ingest::FileFollowerOptions following;
    following.patterns = config.tail;
    parts->follower =
        std::make_unique<ingest::FileFollower>(*parts->store, clock, std::move(following));
    parts->metrics->add_follower(*parts->follower);
    parts->follower->start();
  }
  for (const auto& source : parts->sources) source->start();
  for (const auto& shipper : parts->shippers) shipper->start();
  parts->metrics->add_shippers(parts->shippers);
  return std::unique_ptr<Collector>(new Collector(std::move(parts)));
}

Collector::Collector(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Collector::~Collector() { stop(); }

void Collector::stop() {
  parts_->readiness->begin_shutdown();
  parts_->store->stop_sealing();  // Who asked for it has to be answered before the server ends.
  parts_->server->stop();
  if (parts_->follower) parts_->follower->stop();
  for (const auto& source : parts_->sources) source->stop();
  parts_->store->close();
  // What was committed last has a few seconds to arrive, at all sinks at the same time.
  for (const auto& shipper : parts_->shippers) shipper->begin_stop();
  parts_->shippers.clear();
}

const std::string& Collector::address() const noexcept { return parts_->address; }

}  // namespace tally::app
