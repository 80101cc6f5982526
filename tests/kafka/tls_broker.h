#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "tests/kafka/kafka_broker.h"
#include "tests/shipper/test_certificate.h"
#include "tests/support/temporary_directory.h"

namespace tally::tests {

/// A real Kafka that speaks TLS: with a certificate for 127.0.0.1, and for clients whose
/// certificate it knows. One thread at a time.
class TlsBroker {
 public:
  /// Of the user "admin" of the listener that wants one.
  static constexpr const char* kPassword = "hush-8f3a";

  TlsBroker();
  TlsBroker(const TlsBroker&) = delete;
  TlsBroker& operator=(const TlsBroker&) = delete;

  /// The one that all tests of a program share; ended when the tests have.
  static TlsBroker& shared();

  const KafkaBroker& broker() const noexcept { return *broker_; }

  /// As a host and a port of a URL.
  std::string guarded(const std::string& host = "127.0.0.1") const;
  std::string mutual() const;

  /// Parameters of a URL: whom to trust.
  std::string trust() const { return trust(server_); }
  static std::string trust(const shipper::TestCertificate& authority);

  /// Parameters of a URL: a user of `guarded()` whose password is in a file.
  static std::string user(const std::filesystem::path& password_file,
                          const std::string& mechanism = "PLAIN");

  /// Parameters of a URL: who comes to `mutual()`, with the key read from a file by us.
  std::string client() const { return client(client_); }
  static std::string client(const shipper::TestCertificate& certificate);

  /// One that neither broker nor clients know.
  const shipper::TestCertificate& stranger() const noexcept { return stranger_; }

 private:
  shipper::TestCertificate server_{"IP:127.0.0.1"};
  shipper::TestCertificate client_{"DNS:client.test"};
  shipper::TestCertificate stranger_{"IP:127.0.0.1"};
  TemporaryDirectory files_;
  std::unique_ptr<KafkaBroker> broker_;
};

}  // namespace tally::tests
