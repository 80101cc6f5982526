#pragma once

namespace tally::tests {

/// Whether processes can have mounts of their own here, whoever they are (unshare -rm).
bool have_user_namespaces();

}  // namespace tally::tests
