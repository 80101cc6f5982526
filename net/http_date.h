#pragma once

#include <ctime>
#include <string>

namespace tally::net {

/// The `Date` header's form (RFC 9110 IMF-fixdate): "Sun, 06 Nov 1994 08:49:37 GMT". Independent of
/// the locale.
std::string format_http_date(std::time_t time);

}  // namespace tally::net
