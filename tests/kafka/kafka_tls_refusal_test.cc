#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <deque>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <utility>

#include "tests/kafka/tls_shipping.h"
#include "tests/support/patience.h"

// What is said when a broker and a sink or a source do not agree on who is who: what is wrong, what
// to do, and never a secret.

namespace tally::tests {
namespace {

using shipper::Condition;

using testing::HasSubstr;
constexpr const char* kWrongPassword = "guess-51c7";

/// All that is logged while it lives, librdkafka's debugging output included.
class KeptLog {
 public:
  KeptLog() {
    auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text_);
    auto logger = std::make_shared<spdlog::logger>("kept", std::move(sink));
    logger->set_level(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
  }
  ~KeptLog() { spdlog::set_default_logger(std::move(before_)); }
  KeptLog(const KeptLog&) = delete;
  KeptLog& operator=(const KeptLog&) = delete;

  std::string text() const { return text_.str(); }

 private:
  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
  std::ostringstream text_;
};

/// A sink that runs, and what it is expected to say.
struct Disagreement {
  Disagreement(SampleStore& store, std::string what, const std::string& url, std::string said,
               std::string remedy)
      : name(std::move(what)), problem(std::move(said)), advice(std::move(remedy)) {
    ship = store.ship_to(url + std::string("&rdkafka.reconnect.backoff.max.ms=1000") +
                         "&rdkafka.debug=conf,security");
    ship->start();
  }

  /// Waits until it says so while it still tries; fails the test if it ships or stops without.
  void expect_words() const {
    wait_until([&] {
      return ship->stats().condition == Condition::stopped || has_shipped() || has_words();
    });
    EXPECT_TRUE(has_words()) << ship->stats().trouble;
    EXPECT_EQ(ship->stats().condition, Condition::retrying);
  }
  void expect_stop() const {
    wait_until([&] { return ship->stats().condition == Condition::stopped || has_shipped(); });
    EXPECT_EQ(ship->stats().condition, Condition::stopped);
    EXPECT_TRUE(has_words()) << ship->stats().trouble;
  }
  bool has_shipped() const { return ship->stats().sink.events > 0; }
  bool has_words() const {
    const std::string trouble = ship->stats().trouble;
    return trouble.find(problem) != trouble.npos && trouble.find(advice) != trouble.npos;
  }

  std::string name;
  std::string problem;
  std::string advice;
  std::unique_ptr<shipper::Shipper> ship;
};

/// What is in the files of a directory that others may look at.
std::string files_of(const std::filesystem::path& directory) {
  std::string text;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    std::ifstream file(entry.path());
    text.append(std::istreambuf_iterator<char>(file), {});
  }
  return text;
}

class KafkaTlsRefusal : public KafkaTls {
 protected:
  void start(const std::string& what, const std::string& url, const std::string& problem,
             const std::string& advice) {
    const std::string sink = "&name=sink-" + std::to_string(disagreements.size());
    disagreements.emplace_back(store, what, url + sink, problem, advice);
  }

  /// Those that end in a stop.
  void start_sinks() {
    const auto right = password_file("right", TlsBroker::kPassword);
    const auto wrong = password_file("wrong", kWrongPassword);
    const std::string user = TlsBroker::user(right);
    const std::string v4 = "&rdkafka.broker.address.family=v4";
    start("a wrong password", url(tls.guarded(), tls.trust() + TlsBroker::user(wrong)),
          "uthentication failed", "rdkafka.sasl.");
    start("SCRAM with the right password, to Kafka 4",
          url(tls.guarded(), tls.trust() + TlsBroker::user(right, "SCRAM-SHA-512")),
          "uthentication failed", "take PLAIN by TLS, or a certificate");
    start("a certificate that nobody vouches for",
          url(tls.guarded(), TlsBroker::trust(tls.stranger()) + user), "is not accepted: self",
          "rdkafka.ssl.ca.location whom to trust");
    start("a certificate for another host", url(tls.guarded("localhost"), tls.trust() + user + v4),
          "its certificate is for another host", "name brokers as their certificates do");
    start("TLS where the broker speaks none", url(tls.broker().bootstrap(), tls.trust() + user),
          "SSL handshake failed", "rdkafka.security.protocol");
    start("no certificate where the broker wants one",
          url(tls.mutual(), tls.trust() + "&rdkafka.security.protocol=SSL"), "certificate required",
          "rdkafka.ssl.certificate.location");
    start("a certificate that the broker does not know",
          url(tls.mutual(), tls.trust() + TlsBroker::client(tls.stranger())), "certificate unknown",
          "rdkafka.ssl.certificate.location");
  }

  SampleStore store;
  std::deque<Disagreement> disagreements;
};

TEST_F(KafkaTlsRefusal, StopsWithTheReasonAndNoSecret) {
  const KeptLog log;
  store.add(1);
  start_sinks();
  const Disagreement silent(store, "no TLS where the broker wants it", url(tls.mutual(), ""),
                            "brokers are down", "rdkafka.security.protocol");
  silent.expect_words();
  for (const Disagreement& one : disagreements) {
    SCOPED_TRACE(one.name);
    one.expect_words();
  }
  const std::string source = tls.guarded() + "/" + topic();
  const auto collector =
      consume("central", "kafka://" + source + "?rdkafka.debug=conf,security" + tls.trust() +
                             TlsBroker::user(directory() / "wrong"));
  for (const Disagreement& one : disagreements) {
    SCOPED_TRACE(one.name);
    one.expect_stop();
  }
  EXPECT_EQ(silent.ship->stats().condition, Condition::retrying) << "it may heal";
  wait_until([&] { return log_of("central").find("is not read:") != std::string::npos; });
  EXPECT_EQ(figure(*collector, "up", source), 0);
  EXPECT_THAT(log_of("central"), HasSubstr("rdkafka.sasl."));
  EXPECT_EQ(collector->stop(), 0);
  std::string all = log.text() + log_of("central");
  all += files_of(store.directory() / "cursors");
  EXPECT_THAT(all, HasSubstr("sasl.password"));
  EXPECT_EQ(all.find(kWrongPassword), all.npos);
  EXPECT_EQ(all.find(TlsBroker::kPassword), all.npos);
  EXPECT_EQ(all.find("PRIVATE KEY"), all.npos);
}

}  // namespace
}  // namespace tally::tests
