#pragma once

#include <string>

namespace tally::net {

/// Why OpenSSL does not accept a server's certificate: `verdict` is one of its X509_V_ERR_….
/// Thread-safe.
std::string certificate_complaint(long verdict);

}  // namespace tally::net
