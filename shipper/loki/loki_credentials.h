#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/result.h"

namespace tally::shipper {

/// As whom Loki is talked to. Secrets are in files only, and are read again for every connection,
/// so that they can change while the sink runs.
struct LokiCredentials {
  std::string tenant;         ///< X-Scope-OrgID; empty: none
  std::string user;           ///< of basic authentication; empty: none
  std::string password_file;  ///< of this user
  std::string token_file;     ///< of a bearer token; empty: none
};

/// The headers that say so. Errc::invalid, with the remedy: a file may be read by others than its
/// owner, or is empty, or has several lines; Errc::not_found, Errc::io: it cannot be read. Errors
/// never hold what is in the file.
Result<std::vector<std::pair<std::string, std::string>>> credential_headers(
    const LokiCredentials& credentials);

}  // namespace tally::shipper
