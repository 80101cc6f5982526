#include "bench/require.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace tally::bench {

void give_up(std::string_view what) {
  const int error = errno;
  std::fprintf(stderr, "%.*s (errno: %s)\n", static_cast<int>(what.size()), what.data(),
               std::strerror(error));
  std::exit(2);
}

}  // namespace tally::bench
