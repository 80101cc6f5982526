#include "tests/kafka/kafka_broker.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <utility>

#include "tests/support/command_output.h"

namespace tally::tests {
namespace {

constexpr int kPortsPerBroker = 3;
constexpr int kPortsPerBrokerWithTls = 5;

bool is_free(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* const to = reinterpret_cast<const sockaddr*>(&address);
  const bool free = ::bind(socket, to, sizeof address) == 0;
  ::close(socket);
  return free;
}

/// Below what the kernel gives to outgoing connections.
std::uint16_t free_ports(int count) {
  std::random_device random;
  while (true) {
    const auto base =
        static_cast<std::uint16_t>(std::uniform_int_distribution<int>(20'000, 32'000)(random));
    int free = 0;
    while (free < count && is_free(static_cast<std::uint16_t>(base + free))) ++free;
    if (free == count) return base;
  }
}

std::unique_ptr<KafkaBroker>& shared_broker() {
  static std::unique_ptr<KafkaBroker> broker;
  return broker;
}

class EndSharedBroker final : public testing::Environment {
 public:
  void TearDown() override { shared_broker().reset(); }
};

const testing::Environment* const kEnd =
    testing::AddGlobalTestEnvironment(std::make_unique<EndSharedBroker>().release());

}  // namespace

KafkaBroker::KafkaBroker(int brokers, std::uint64_t disk_megabytes)
    : KafkaBroker(Options{.brokers = brokers, .disk_megabytes = disk_megabytes}) {}

KafkaBroker::KafkaBroker(Options options)
    : options_(std::move(options)),
      base_port_(
          free_ports(options_.brokers *
                     (options_.tls_directory.empty() ? kPortsPerBroker : kPortsPerBrokerWithTls))) {
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

KafkaBroker& KafkaBroker::shared() {
  if (shared_broker() == nullptr) shared_broker() = std::make_unique<KafkaBroker>(1);
  return *shared_broker();
}

std::string KafkaBroker::guarded() const {
  return "127.0.0.1:" + std::to_string(base_port_ + kPortsPerBroker - 1);
}

std::uint16_t KafkaBroker::mutual_tls_port() const noexcept {
  return static_cast<std::uint16_t>(base_port_ + kPortsPerBroker);
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
                   std::to_string(base_port_) + " KAFKA_OWNER=" + std::to_string(::getpid()) +
                   (options_.disk_megabytes > 0
                        ? " KAFKA_DISK_MB=" + std::to_string(options_.disk_megabytes)
                        : "") +
                   " KAFKA_TLS_DIR=" + options_.tls_directory.string() +
                   " " TALLY_SOURCE_DIR "/tests/peers/kafka/kafka_cluster.sh " + command);
}

}  // namespace tally::tests
