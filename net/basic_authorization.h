#pragma once

#include <string>
#include <string_view>

namespace tally::net {

/// The value of an Authorization header by RFC 7617: "Basic …".
std::string basic_authorization(std::string_view user, std::string_view password);

}  // namespace tally::net
