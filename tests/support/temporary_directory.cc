#include "tests/support/temporary_directory.h"

#include <stdlib.h>

#include <string>
#include <system_error>

#include "model/check.h"

namespace tally::tests {

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "tally-test-XXXXXX").string();
  TALLY_CHECK(::mkdtemp(name.data()) != nullptr);
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace tally::tests
