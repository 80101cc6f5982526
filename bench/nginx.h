#pragma once

#include <cstdint>
#include <memory>

#include "bench/child_process.h"
#include "bench/temp_directory.h"

namespace tally::bench {

/// nginx on one core that answers 204 to whatever comes and keeps connections: what a good server
/// spends on HTTP alone. Stopped by the destructor. One thread at a time.
class Nginx {
 public:
  explicit Nginx(int core);

  std::uint16_t port() const noexcept { return port_; }

  /// CPU-seconds so far.
  double cpu_seconds() const;

 private:
  TempDirectory directory_;
  std::uint16_t port_;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace tally::bench
