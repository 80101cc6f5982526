#include "tests/ingest/consume_harness.h"

#include <map>
#include <sstream>
#include <utility>

#include "ingest/kafka/group_offsets.h"
#include "kafka/kafka_client.h"
#include "tests/support/command_output.h"
#include "tests/support/patience.h"

namespace tally::tests {
namespace {

std::uint64_t number_of(const std::string& line) {
  const std::size_t at = line.find("\"n\":");
  return at == line.npos ? 0 : std::stoull(line.substr(at + 4));
}

/// Nobody looks at what this client reports.
class Unheard final : public kafka::ClientObserver {
 public:
  void retrying(std::string /*trouble*/) override {}
  void healed() override {}
};

}  // namespace

std::string numbered_event(std::uint64_t number) {
  return R"({"timestamp":"2026-01-23T23:55:09.592561+02:00","service":"engine",)"
         R"("operation":"start","success":true,"container":"c)" +
         std::to_string(number % 7) + R"(","metadata":{"n":)" + std::to_string(number) + "}}";
}

std::vector<std::string> stored_lines(const store::Path& directory) {
  std::istringstream text(output_of(std::string(TALLY_PROGRAM) + " query --data " +
                                    directory.string() + " 2>/dev/null"));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

void expect_each_once(const std::vector<std::string>& lines, std::uint64_t first,
                      std::uint64_t last) {
  std::map<std::uint64_t, int> seen;
  std::uint64_t wrong = 0;
  for (const std::string& line : lines) {
    const std::uint64_t number = number_of(line);
    ++seen[number];
    if (line != numbered_event(number) || number < first || number > last) ++wrong;
  }
  std::uint64_t lost = 0;
  std::uint64_t doubled = 0;
  for (std::uint64_t number = first; number <= last; ++number) {
    if (!seen.contains(number)) ++lost;
    if (seen.contains(number) && seen[number] > 1) ++doubled;
  }
  EXPECT_EQ(lost, 0u);
  EXPECT_EQ(doubled, 0u);
  EXPECT_EQ(wrong, 0u);
}

void expect_order_of_containers(const std::vector<std::string>& lines) {
  std::map<std::uint64_t, std::uint64_t> last;
  std::uint64_t wrong = 0;
  for (const std::string& line : lines) {
    const std::uint64_t number = number_of(line);
    std::uint64_t& before = last[number % 7];
    if (number <= before) ++wrong;
    before = number;
  }
  EXPECT_EQ(wrong, 0u);
}

ConsumingStore::ConsumingStore(const store::Path& directory, const std::string& url) {
  store::StoreOptions options;
  options.directory = directory;
  options.disk_percent_max = 100;
  auto opened = store::Store::open(files_, clock_, options);
  EXPECT_TRUE(opened) << opened.error().context;
  store_ = std::move(opened).value();
  ingest::KafkaSourceOptions source;
  source.settings = ingest::read_consume_url(url).value();
  source.look_interval = std::chrono::milliseconds(200);
  source.publish_interval = std::chrono::milliseconds(50);
  source.gone_after = std::chrono::milliseconds(500);
  source.retry_max = std::chrono::milliseconds(200);
  source_ = std::make_unique<ingest::KafkaSource>(*store_, clock_, std::move(source));
  source_->start();
}

ConsumingStore::~ConsumingStore() {
  source_->stop();
  store_->close();
}

void ConsumingStore::await(std::uint64_t records) const {
  wait_until([&] { return stats().events + stats().refused >= records; });
}

std::string Consuming::topic() const {
  return testing::UnitTest::GetInstance()->current_test_info()->name();
}

std::string Consuming::url(const std::string& parameters) const {
  return "kafka://" + broker.bootstrap() + "/" + topic() + "?group=" + topic() +
         "&rdkafka.reconnect.backoff.max.ms=500" + parameters;
}

void Consuming::write(std::uint64_t count, std::int32_t partitions) {
  for (std::uint64_t i = 0; i < count; ++i) {
    ++written_;
    admin.write(topic(),
                static_cast<std::int32_t>(written_ % static_cast<std::uint64_t>(partitions)),
                numbered_event(written_));
  }
  admin.flush();
}

std::unique_ptr<bench::CollectorProcess> Consuming::serve(const std::string& name,
                                                          const std::string& url) {
  auto collector = std::make_unique<bench::CollectorProcess>(bench::CollectorOptions{
      .program = TALLY_PROGRAM, .directory = store(name), .arguments = {"--consume", url}});
  collector->start();
  return collector;
}

std::int64_t Consuming::published() const {
  Unheard unheard;
  const auto settings = ingest::read_consume_url(url()).value();
  const auto client = kafka::KafkaClient::open(
      kafka::KafkaClient::Kind::consumer, settings.topic,
      {{"group.id", settings.group}, {"enable.auto.commit", "false"}}, unheard);
  ingest::GroupOffsets group(*client.value(), topic(), settings.group);
  const auto offsets = group.ask({0, 1, 2, 3, 4, 5, 6, 7}, {});
  std::int64_t sum = 0;
  if (!offsets) return sum;
  for (const auto& [partition, offset] : offsets.value()) sum += offset.next;
  return sum;
}

double Consuming::figure(const bench::CollectorProcess& collector, const std::string& name) const {
  return collector.metric("tally_consume_" + name + "{source=\"" + broker.bootstrap() + "/" +
                          topic() + "\"}");
}

}  // namespace tally::tests
