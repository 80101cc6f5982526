#pragma once

#include <string_view>

#include "model/result.h"

namespace tally::bench {

/// Ends the program with status 2 and `what` with errno's text. A benchmark that cannot go on, or
/// that got a wrong answer, has no figure to give.
[[noreturn]] void give_up(std::string_view what);

inline void require(bool condition, std::string_view what) {
  if (!condition) give_up(what);
}

/// The value of a Result that has to be one.
template <class T>
T require(Result<T> result, std::string_view what) {
  if (!result) give_up(std::string(what) + ": " + to_string(result.error()));
  return std::move(result).value();
}

}  // namespace tally::bench
