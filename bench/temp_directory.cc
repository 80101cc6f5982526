#include "bench/temp_directory.h"

#include <cstdlib>
#include <string>
#include <system_error>

#include "bench/require.h"

namespace tally::bench {

TempDirectory::TempDirectory() {
  std::string name = std::filesystem::temp_directory_path() / "tally-XXXXXX";
  require(mkdtemp(name.data()) != nullptr, "mkdtemp " + name);
  path_ = name;
}

TempDirectory::~TempDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace tally::bench
