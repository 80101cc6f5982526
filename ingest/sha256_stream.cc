#include "ingest/sha256_stream.h"

#include <openssl/evp.h>

#include "model/check.h"

namespace tally::ingest {

struct Sha256Stream::Context {
  // Fetched once: the implicit fetch of each digest costs more than a short input does.
  EVP_MD* digest = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* state = EVP_MD_CTX_new();

  Context() {
    TALLY_CHECK(digest != nullptr && state != nullptr);
    restart();
  }
  ~Context() {
    EVP_MD_CTX_free(state);
    EVP_MD_free(digest);
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  void restart() { TALLY_CHECK(EVP_DigestInit_ex2(state, digest, nullptr) == 1); }
};

Sha256Stream::Sha256Stream() : context_(std::make_unique<Context>()) {}
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

void Sha256Stream::update(std::string_view bytes) {
  TALLY_CHECK(EVP_DigestUpdate(context_->state, bytes.data(), bytes.size()) == 1);
}

std::string Sha256Stream::finish() {
  std::string digest(32, '\0');
  TALLY_CHECK(EVP_DigestFinal_ex(context_->state, reinterpret_cast<unsigned char*>(digest.data()),
                                 nullptr) == 1);
  context_->restart();
  return digest;
}

}  // namespace tally::ingest
