#pragma once

#include <string>

#include "tests/support/temporary_directory.h"

namespace tally::shipper {

/// A certificate that vouches for itself, made anew, and its key, as PEM files.
class TestCertificate {
 public:
  /// For subjectAltName: "IP:127.0.0.1", "DNS:loki.test".
  explicit TestCertificate(const std::string& subject);

  std::string certificate() const { return directory_.path() / "certificate.pem"; }
  std::string key() const { return directory_.path() / "key.pem"; }

 private:
  tests::TemporaryDirectory directory_;
};

}  // namespace tally::shipper
