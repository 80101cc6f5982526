#include "ingest/post_answer.h"

#include <simdjson.h>

namespace tally::ingest {

namespace {

namespace dom = simdjson::dom;

std::uint64_t number_or_zero(const dom::element& object, std::string_view key) {
  std::uint64_t number = 0;
  return object[key].get(number) == simdjson::SUCCESS ? number : 0;
}

std::string text_or_empty(const dom::element& object, std::string_view key) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

}  // namespace

Result<PostAnswer> read_post_answer(std::string_view body) {
  dom::parser parser;
  dom::element root;
  const bool good = parser.parse(body.data(), body.size()).get(root) == simdjson::SUCCESS;
  PostAnswer answer;
  if (good) answer.error = text_or_empty(root, "error");
  const bool judged = good && root["accepted"].get(answer.accepted) == simdjson::SUCCESS;
  if (!judged && answer.error.empty()) {
    return Error{Errc::invalid, "the answer is none of a Tally collector's: \"" +
                                    std::string(body.substr(0, 80)) + "\""};
  }
  answer.first = Sequence{number_or_zero(root, "first_seq")};
  answer.last = Sequence{number_or_zero(root, "last_seq")};
  dom::array rejected;
  if (root["rejected"].get(rejected) == simdjson::SUCCESS) {
    for (const dom::element entry : rejected) {
      answer.rejected.push_back({number_or_zero(entry, "line"), text_or_empty(entry, "reason")});
    }
  }
  answer.rejected_total =
      std::max<std::uint64_t>(number_or_zero(root, "rejected_total"), answer.rejected.size());
  return answer;
}

}  // namespace tally::ingest
