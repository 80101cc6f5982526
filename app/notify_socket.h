#pragma once

#include <string_view>

namespace tally::app {

/// Tells the service manager that started the process how it is, such as "READY=1" or "STOPPING=1"
/// (sd_notify(3)). Does nothing where NOTIFY_SOCKET is not set; a failure is of no consequence
/// here.
void notify_service_manager(std::string_view state);

}  // namespace tally::app
