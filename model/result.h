#pragma once

#include <boost/outcome/basic_result.hpp>
#include <boost/outcome/policy/terminate.hpp>
#include <boost/outcome/try.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace tally {

/// Why an operation could not be done. One list for the whole project, so that each edge (HTTP
/// status, exit code) is one switch.
enum class Errc : std::uint8_t {
  invalid,        ///< The input is not what it has to be.
  too_large,      ///< The input is over a limit.
  not_found,      ///< What was asked for is not there.
  held,           ///< Somebody else holds it.
  overloaded,     ///< Not now: try again later, nothing was taken.
  no_space,       ///< The disk (or quota) is full; nothing was taken.
  io,             ///< The operating system refused.
  corruption,     ///< Stored bytes are not what was written.
  unsupported,    ///< Written by a newer version, or not understood.
  indeterminate,  ///< It may or may not have happened; only a look at the store tells.
};

std::string_view to_string(Errc code) noexcept;

/// What went wrong and where: `context` names the path, offset or field, as a sentence for people.
/// Programs decide by `code` alone.
struct Error {
  Errc code;
  std::string context;
};

/// "context (code)" for log lines and terminals.
std::string to_string(const Error& error);

/// `errno_value` as an Error: ENOSPC and EDQUOT are `no_space`, ENOENT is `not_found`, all else
/// `io`.
Error errno_error(int errno_value, std::string_view what);

/// A value or an Error. Reading the one that is not there ends the program.
template <class T>
using Result = boost::outcome_v2::basic_result<T, Error, boost::outcome_v2::policy::terminate>;

inline auto ok() noexcept { return boost::outcome_v2::success(); }

}  // namespace tally

/// TALLY_TRY(auto x, f()): x is f's value, or the function returns f's error.
/// TALLY_TRY(f()) for a Result<void>.
#define TALLY_TRY(...) BOOST_OUTCOME_TRY(__VA_ARGS__)
#define TALLY_CO_TRY(...) BOOST_OUTCOME_CO_TRY(__VA_ARGS__)
