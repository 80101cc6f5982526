#include "ingest/validator.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "model/check.h"
#include "tests/ingest/plain_event_check.h"

namespace {

using tally::ingest::BodyForm;
using tally::ingest::Validator;
using tally::ingest::Verdict;

/// Every line that is neither blank nor as the plain check wants it is refused, and no other.
void check_lines(std::string_view body, const Verdict& verdict) {
  std::string accepted;
  std::size_t refused = 0;
  for (std::size_t begin = 0; begin < body.size();) {
    const std::size_t end = body.find('\n', begin);
    std::string_view line = body.substr(begin, end - begin);
    if (end != body.npos && line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t\r") != line.npos) {
      const bool good = tally::tests::plain_event_check(line);
      if (good) accepted += std::string(line) + '\n';
      refused += good ? 0 : 1;
    }
    begin = end == body.npos ? body.size() : end + 1;
  }
  TALLY_CHECK(verdict.lines == accepted);
  TALLY_CHECK(verdict.refusals.size() == std::min(refused, Validator::kRefusalsMax + 1));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Validator validator;
  const std::string body(reinterpret_cast<const char*>(data), size);
  for (const BodyForm form :
       {BodyForm::ndjson, BodyForm::object, BodyForm::array, BodyForm::sniff}) {
    std::string copy = body;
    copy.append(Validator::kPadding, '"');
    const Verdict& verdict = validator.validate({copy.data(), size}, form);
    TALLY_CHECK(std::count(verdict.lines.begin(), verdict.lines.end(), '\n') == verdict.count);
    if (form == BodyForm::ndjson) check_lines(body, verdict);
  }
  return 0;
}
