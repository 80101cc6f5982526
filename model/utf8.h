#pragma once

#include <cstddef>
#include <string_view>

namespace tally {

/// Length of the valid UTF-8 sequence (RFC 3629) at the start of `text`, 0 if there is none.
std::size_t utf8_length(std::string_view text) noexcept;

}  // namespace tally
