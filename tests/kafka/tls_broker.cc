#include "tests/kafka/tls_broker.h"

#include "tests/kafka/shared_by_tests.h"

namespace tally::tests {
namespace {

SharedByTests<TlsBroker> shared_broker;

}  // namespace

TlsBroker::TlsBroker() {
  std::filesystem::copy(server_.certificate(), files_.path() / "certificate.pem");
  std::filesystem::copy(server_.key(), files_.path() / "key.pem");
  std::filesystem::copy(client_.certificate(), files_.path() / "clients.pem");
  broker_ = KafkaBroker::with_tls(files_.path());
}

TlsBroker& TlsBroker::shared() { return shared_broker.get(); }

std::string TlsBroker::guarded(const std::string& host) const {
  return host + ":" + std::to_string(broker_->guarded_tls_port());
}

std::string TlsBroker::mutual() const {
  return "127.0.0.1:" + std::to_string(broker_->mutual_tls_port());
}

std::string TlsBroker::trust(const shipper::TestCertificate& authority) {
  return "&rdkafka.ssl.ca.location=" + authority.certificate();
}

std::string TlsBroker::user(const std::filesystem::path& password_file,
                            const std::string& mechanism) {
  return "&rdkafka.security.protocol=SASL_SSL&rdkafka.sasl.mechanisms=" + mechanism +
         "&rdkafka.sasl.username=admin&rdkafka.sasl.password_file=" + password_file.string();
}

std::string TlsBroker::client(const shipper::TestCertificate& certificate) {
  return "&rdkafka.security.protocol=SSL&rdkafka.ssl.certificate.location=" +
         certificate.certificate() + "&rdkafka.ssl.key.pem_file=" + certificate.key();
}

}  // namespace tally::tests
