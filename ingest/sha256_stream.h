#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace tally::ingest {

/// SHA-256 over bytes that come in pieces. Not thread-safe; usable again after finish().
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;

  void update(std::string_view bytes);

  /// The 32 bytes of the digest; the next update() begins anew.
  std::string finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace tally::ingest
