#pragma once

#include <cstdint>
#include <string>

namespace tally::app {

/// Who listens on a TCP port of this machine, "pid 123 (nginx)", as far as /proc lets one see it;
/// empty if it does not.
std::string find_port_holder(std::uint16_t port);

}  // namespace tally::app
