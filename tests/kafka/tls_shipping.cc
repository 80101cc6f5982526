#include "tests/kafka/tls_shipping.h"

#include <fstream>
#include <iterator>

#include "tests/shipper/topic_reader.h"

namespace tally::tests {

std::string KafkaTls::topic() const {
  return testing::UnitTest::GetInstance()->current_test_info()->name();
}

std::string KafkaTls::url(const std::string& address, const std::string& parameters) const {
  return "kafka://" + address + "/" + topic() + "?create=1" + parameters;
}

std::filesystem::path KafkaTls::password_file(const std::string& name,
                                              const std::string& password) const {
  std::filesystem::path path = directory() / name;
  std::ofstream(path) << password << '\n';
  std::filesystem::permissions(path, std::filesystem::perms(0600));
  return path;
}

void KafkaTls::expect_that_it_ships(const std::string& url) {
  SampleStore store;
  store.add(10);
  const auto shipped = store.ship_to(url)->run_once();
  ASSERT_TRUE(shipped) << shipped.error().context;
  expect_exactly_once(TopicReader(tls.broker().bootstrap(), topic()).read_all(), 10);
}

std::unique_ptr<bench::CollectorProcess> KafkaTls::consume(const std::string& name,
                                                           const std::string& url) const {
  auto collector = std::make_unique<bench::CollectorProcess>(bench::CollectorOptions{
      .program = TALLY_PROGRAM, .directory = directory() / name, .arguments = {"--consume", url}});
  collector->start();
  return collector;
}

std::string KafkaTls::log_of(const std::string& name) const {
  std::ifstream file(directory() / (name + ".log"));
  return {std::istreambuf_iterator<char>(file), {}};
}

double KafkaTls::figure(const bench::CollectorProcess& collector, const std::string& name,
                        const std::string& source) {
  return collector.metric("tally_consume_" + name + "{source=\"" + source + "\"}");
}

}  // namespace tally::tests
