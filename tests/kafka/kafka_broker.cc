#include "tests/kafka/kafka_broker.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

#include "tests/kafka/shared_by_tests.h"
#include "tests/support/command_output.h"

namespace tally::tests {
namespace {

constexpr int kPortsPerBroker = 3;
constexpr int kPortsPerBrokerWithTls = 5;

SharedByTests<KafkaBroker> shared_broker;

}  // namespace

KafkaBroker::KafkaBroker(int brokers, std::uint64_t disk_megabytes)
    : KafkaBroker(Options{.brokers = brokers, .disk_megabytes = disk_megabytes}) {}

KafkaBroker::KafkaBroker(Options options)
    : options_(std::move(options)),
      ports_(options_.brokers *
             (options_.tls_directory.empty() ? kPortsPerBroker : kPortsPerBrokerWithTls)) {
  bootstrap_ = run("up " + std::to_string(options_.brokers));
  if (bootstrap_.ends_with('\n')) bootstrap_.pop_back();
  if (!bootstrap_.empty()) return;
  std::fprintf(stderr, "no Kafka to test with\n");
  std::exit(1);
}

KafkaBroker::~KafkaBroker() { run("down"); }

std::unique_ptr<KafkaBroker> KafkaBroker::with_tls(const std::filesystem::path& tls_directory) {
  return std::unique_ptr<KafkaBroker>(new KafkaBroker(Options{.tls_directory = tls_directory}));
}

KafkaBroker& KafkaBroker::shared() { return shared_broker.get(1); }

std::string KafkaBroker::guarded() const {
  return "127.0.0.1:" + std::to_string(ports_.first() + kPortsPerBroker - 1);
}

std::uint16_t KafkaBroker::mutual_tls_port() const noexcept {
  return static_cast<std::uint16_t>(ports_.first() + kPortsPerBroker);
}

std::uint16_t KafkaBroker::guarded_tls_port() const noexcept {
  return static_cast<std::uint16_t>(mutual_tls_port() + 1);
}

void KafkaBroker::allow(const std::string& rights) {
  run("tool AclCommand --add --force --allow-principal User:tally " + rights + " >/dev/null");
}

void KafkaBroker::kill(int id) { run("kill " + std::to_string(id)); }
void KafkaBroker::start(int id) { run("start " + std::to_string(id)); }
void KafkaBroker::pause(int id) { run("pause " + std::to_string(id)); }
void KafkaBroker::resume(int id) { run("resume " + std::to_string(id)); }
void KafkaBroker::fill_disk(int id) { run("fill " + std::to_string(id)); }
void KafkaBroker::free_disk(int id) { run("free " + std::to_string(id)); }

std::string KafkaBroker::run(const std::string& command) const {
  return output_of("KAFKA_RUN_DIR=" + (directory_.path() / "kafka").string() + " KAFKA_BASE_PORT=" +
                   std::to_string(ports_.first()) + " KAFKA_OWNER=" + std::to_string(::getpid()) +
                   (options_.disk_megabytes > 0
                        ? " KAFKA_DISK_MB=" + std::to_string(options_.disk_megabytes)
                        : "") +
                   " KAFKA_TLS_DIR=" + options_.tls_directory.string() +
                   " " TALLY_SOURCE_DIR "/tests/peers/kafka/kafka_cluster.sh " + command);
}

}  // namespace tally::tests
