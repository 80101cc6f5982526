#include "shipper/loki/loki_credentials.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "net/basic_authorization.h"
#include "net/file_descriptor.h"

namespace tally::shipper {
namespace {

constexpr std::size_t kSecretBytesMax = 16 * 1024;
constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

/// The one line that `path` holds.
Result<std::string> read_secret(const std::string& path) {
  const net::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return errno_error(errno, "cannot read " + path);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return errno_error(errno, "cannot look at " + path);
  if ((status.st_mode & kOthers) != 0) {
    return Error{Errc::invalid, path + " may be read by others than its owner: chmod 600 " + path};
  }
  std::string text(kSecretBytesMax, '\0');
  const ssize_t bytes = ::read(file.get(), text.data(), text.size());
  if (bytes < 0) return errno_error(errno, "cannot read " + path);
  text.resize(static_cast<std::size_t>(bytes));
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (text.empty() || text.size() >= kSecretBytesMax - 2 || std::ranges::any_of(text, control)) {
    return Error{Errc::invalid, path + " has to hold one line, the secret, and nothing else"};
  }
  return text;
}

}  // namespace

Result<std::vector<std::pair<std::string, std::string>>> credential_headers(
    const LokiCredentials& credentials) {
  std::vector<std::pair<std::string, std::string>> headers;
  if (!credentials.tenant.empty()) headers.emplace_back("X-Scope-OrgID", credentials.tenant);
  if (!credentials.user.empty()) {
    TALLY_TRY(const std::string password, read_secret(credentials.password_file));
    headers.emplace_back("Authorization", net::basic_authorization(credentials.user, password));
  }
  if (!credentials.token_file.empty()) {
    TALLY_TRY(const std::string token, read_secret(credentials.token_file));
    headers.emplace_back("Authorization", "Bearer " + token);
  }
  return headers;
}

}  // namespace tally::shipper
