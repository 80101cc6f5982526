#include "store/disk/sha256_hasher.h"

#include <openssl/evp.h>

#include "model/check.h"

namespace tally::store {

struct Sha256Hasher::Context {
  EVP_MD* digest = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* running = EVP_MD_CTX_new();

  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() {
    EVP_MD_CTX_free(running);
    EVP_MD_free(digest);
  }
};

Sha256Hasher::Sha256Hasher() : context_(std::make_unique<Context>()) {
  TALLY_CHECK(context_->digest != nullptr && context_->running != nullptr);
}

Sha256Hasher::~Sha256Hasher() = default;
Sha256Hasher::Sha256Hasher(Sha256Hasher&&) noexcept = default;
Sha256Hasher& Sha256Hasher::operator=(Sha256Hasher&&) noexcept = default;

Sha256 Sha256Hasher::hash(std::span<const std::string_view> parts) {
  EVP_MD_CTX* const running = context_->running;
  TALLY_CHECK(EVP_DigestInit_ex2(running, context_->digest, nullptr) == 1);
  for (const std::string_view part : parts) {
    TALLY_CHECK(EVP_DigestUpdate(running, part.data(), part.size()) == 1);
  }
  Sha256 hash;
  TALLY_CHECK(EVP_DigestFinal_ex(running, reinterpret_cast<unsigned char*>(hash.data()), nullptr) ==
              1);
  return hash;
}

Sha256 Sha256Hasher::hash(std::string_view bytes) { return hash({&bytes, 1}); }

}  // namespace tally::store
