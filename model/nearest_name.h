#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace tally {

/// How many edits (insert, remove, replace) turn `from` into `to`.
std::size_t edit_distance(std::string_view from, std::string_view to);

/// The one of `known` that takes the fewest edits to get from `name`, the first of several; for
/// "did you mean". Empty if `known` is.
std::string_view nearest_name(std::string_view name, std::span<const std::string_view> known);

}  // namespace tally
