#include "tests/support/user_namespaces.h"

#include "tests/support/command_output.h"

namespace tally::tests {

bool have_user_namespaces() { return output_of("unshare -rm true 2>&1 && echo yes") == "yes\n"; }

}  // namespace tally::tests
