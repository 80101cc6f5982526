#include "net/basic_authorization.h"

#include <openssl/evp.h>

namespace tally::net {

std::string basic_authorization(std::string_view user, std::string_view password) {
  const std::string pair = std::string(user) + ':' + std::string(password);
  std::string encoded((pair.size() + 2) / 3 * 4 + 1, '\0');  // and the NUL that OpenSSL adds
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                   reinterpret_cast<const unsigned char*>(pair.data()),
                                   static_cast<int>(pair.size()));
  encoded.resize(static_cast<std::size_t>(size));
  return "Basic " + encoded;
}

}  // namespace tally::net
