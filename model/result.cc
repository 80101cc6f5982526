#include "model/result.h"

#include <cerrno>
#include <system_error>

namespace tally {

std::string_view to_string(Errc code) noexcept {
  switch (code) {
    case Errc::invalid:
      return "invalid";
    case Errc::too_large:
      return "too large";
    case Errc::not_found:
      return "not found";
    case Errc::held:
      return "held by another";
    case Errc::overloaded:
      return "overloaded";
    case Errc::no_space:
      return "no space";
    case Errc::io:
      return "I/O error";
    case Errc::corruption:
      return "corruption";
    case Errc::unsupported:
      return "unsupported";
    case Errc::indeterminate:
      return "outcome unknown";
  }
  return "unknown";
}

std::string to_string(const Error& error) {
  return error.context + " (" + std::string(to_string(error.code)) + ")";
}

Error errno_error(int errno_value, std::string_view what) {
  Errc code = Errc::io;
  if (errno_value == ENOSPC || errno_value == EDQUOT) code = Errc::no_space;
  if (errno_value == ENOENT) code = Errc::not_found;
  return Error{code, std::string(what) + ": " + std::generic_category().message(errno_value)};
}

}  // namespace tally
