#include "tests/conformance/known_disagreements.h"

#include <re2/re2.h>

#include <array>
#include <string>

#include "ingest/json_escapes.h"

namespace tally::tests {
namespace {

/// Whether the reason quotes a time that has this in it.
bool is_time_with(std::string_view reason, const char* pattern) {
  return reason.starts_with("timestamp: not RFC 3339") &&
         RE2::PartialMatch(re2::StringPiece(reason.data(), reason.size()), pattern);
}

/// Whether the field that the reason names is a key of the line twice.
bool names_a_field_that_is_twice(std::string_view line, std::string_view reason) {
  static const RE2 kKey(R"re("((?:[^"\\]|\\.)*)"\s*:)re", RE2::Latin1);
  const std::string field(reason.substr(0, reason.find_first_of(":.[")));
  int count = 0;
  re2::StringPiece rest(line.data(), line.size());
  for (std::string written; RE2::FindAndConsume(&rest, kKey, &written);) {
    if (ingest::check_escapes(written).flaw != ingest::EscapeFlaw::none) continue;
    std::string name;
    ingest::append_unescaped(name, written);
    count += name == field;
  }
  return count > 1;
}

constexpr std::array kKnown = {
    KnownDisagreement{"duplicate key",
                      [](std::string_view, std::string_view reason) {
                        return reason.ends_with(": duplicate key");
                      }},
    KnownDisagreement{"flaw in the first of two", names_a_field_that_is_twice},
    KnownDisagreement{"lone surrogate",
                      [](std::string_view, std::string_view reason) {
                        return reason.find(": lone surrogate \\u") != reason.npos;
                      }},
    KnownDisagreement{"nesting",
                      [](std::string_view, std::string_view reason) {
                        return reason.ends_with(": nested deeper than 32 levels");
                      }},
    KnownDisagreement{"size",
                      [](std::string_view line, std::string_view reason) {
                        return line.size() > 65536 && reason.starts_with("larger than 64 KiB");
                      }},
    KnownDisagreement{"year",
                      [](std::string_view, std::string_view reason) {
                        return is_time_with(reason,
                                            ": \"(0|1[0-8]|19[0-6]|226[2-9]|22[7-9]|2[3-9]|[3-9])");
                      }},
    KnownDisagreement{"leap second",
                      [](std::string_view, std::string_view reason) {
                        return is_time_with(reason, ":60(\\.\\d+)?[zZ+-]");
                      }},
    KnownDisagreement{"space for T",
                      [](std::string_view, std::string_view reason) {
                        return is_time_with(reason, "\"\\d{4}-\\d\\d-\\d\\d\\s");
                      }},
    KnownDisagreement{"zone without colon",
                      [](std::string_view, std::string_view reason) {
                        return is_time_with(reason, ":\\d\\d(\\.\\d+)?[+-]\\d\\d(\\d\\d)?\"");
                      }},
    KnownDisagreement{"more than nine digits of a second",
                      [](std::string_view, std::string_view reason) {
                        return is_time_with(reason, "\\.\\d{10,}");
                      }},
};

}  // namespace

std::span<const KnownDisagreement> known_disagreements() { return kKnown; }

}  // namespace tally::tests
