#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "tests/kafka/claimed_ports.h"
#include "tests/support/temporary_directory.h"

namespace tally::tests {

/// A real Kafka on loopback ports of its own: tests/peers/kafka. Ended, with its data, by the
/// destructor. One thread at a time.
class KafkaBroker {
 public:
  /// Returns once all brokers serve. With `disk_megabytes` each has its data on a disk of its own,
  /// in memory (user namespaces are needed). Ends the program, with what was said, if they do not.
  explicit KafkaBroker(int brokers, std::uint64_t disk_megabytes = 0);
  ~KafkaBroker();
  KafkaBroker(const KafkaBroker&) = delete;
  KafkaBroker& operator=(const KafkaBroker&) = delete;

  /// One broker that also speaks TLS, with the files in `tls_directory` that tests/peers/kafka
  /// tells of.
  static std::unique_ptr<KafkaBroker> with_tls(const std::filesystem::path& tls_directory);

  /// The one that all tests of a program share; ended when the tests have.
  static KafkaBroker& shared();

  /// "HOST:PORT,…"
  const std::string& bootstrap() const noexcept { return bootstrap_; }

  /// Where broker 1 wants a user's name and password: "tally" has "well kept".
  std::string guarded() const;

  /// The port where broker 1 wants TLS and a client's certificate, and that where it wants TLS and
  /// a user's name and password: "admin", who may do everything, has "hush-8f3a".
  std::uint16_t mutual_tls_port() const noexcept;
  std::uint16_t guarded_tls_port() const noexcept;

  /// Gives the user "tally" rights, as Kafka's own tool is told: "--operation Read --topic audit".
  /// Who comes without a name may do everything; the user "guest", whose password is "welcome",
  /// nothing.
  void allow(const std::string& rights);

  void kill(int id);   ///< -9
  void start(int id);  ///< returns once it serves again
  void pause(int id);
  void resume(int id);
  void fill_disk(int id);  ///< no byte is left
  void free_disk(int id);

 private:
  struct Options {
    int brokers = 1;
    std::uint64_t disk_megabytes = 0;
    std::filesystem::path tls_directory{};
  };

  explicit KafkaBroker(Options options);
  std::string run(const std::string& command) const;

  TemporaryDirectory directory_;
  Options options_;
  ClaimedPorts ports_;
  std::string bootstrap_;
};

}  // namespace tally::tests
