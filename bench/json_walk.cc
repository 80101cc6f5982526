#include "bench/json_walk.h"

#include <simdjson.h>

#include "bench/require.h"

namespace tally::bench {
namespace {

namespace ondemand = simdjson::ondemand;

// A sum over what was seen, so that the compiler cannot leave the visit out.
using Sum = std::uint64_t;

simdjson::error_code visit(ondemand::value value, Sum& sum);

template <class Object>
simdjson::error_code visit_fields(Object&& object, Sum& sum) {
  for (auto field : object) {
    ondemand::raw_json_string key;
    if (auto error = field.key().get(key)) return error;
    sum += static_cast<unsigned char>(key.raw()[0]);
    ondemand::value value;
    if (auto error = field.value().get(value)) return error;
    if (auto error = visit(value, sum)) return error;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code visit(ondemand::value value, Sum& sum) {
  ondemand::json_type type{};
  if (auto error = value.type().get(type)) return error;
  switch (type) {
    case ondemand::json_type::object:
      return visit_fields(value.get_object(), sum);
    case ondemand::json_type::array:
      for (auto element : value.get_array()) {
        ondemand::value inner;
        if (auto error = element.get(inner)) return error;
        if (auto error = visit(inner, sum)) return error;
      }
      return simdjson::SUCCESS;
    case ondemand::json_type::string: {
      ondemand::raw_json_string text;
      if (auto error = value.get_raw_json_string().get(text)) return error;
      sum += static_cast<unsigned char>(text.raw()[0]);
      return simdjson::SUCCESS;
    }
    default:
      sum += value.raw_json_token().size();
      return simdjson::SUCCESS;
  }
}

}  // namespace

struct JsonWalk::Parser {
  ondemand::parser parser;
  Sum sum = 0;
};

JsonWalk::JsonWalk() : parser_(std::make_unique<Parser>()) {}
JsonWalk::~JsonWalk() = default;

// One pass of stage 1 over all lines (iterate_many) costs a tenth less than a parse per line, and
// unescaping each string would cost a fifth more: the limit is the cheapest that simdjson offers.
std::uint64_t JsonWalk::count(const char* lines, std::size_t size) {
  ondemand::document_stream stream;
  require(parser_->parser.iterate_many(lines, size, size).get(stream) == simdjson::SUCCESS,
          "simdjson: iterate_many");
  std::uint64_t documents = 0;
  for (auto document : stream) {
    require(visit_fields(document.get_object(), parser_->sum) == simdjson::SUCCESS,
            "simdjson: a line of the corpus is not JSON");
    ++documents;
  }
  return documents;
}

}  // namespace tally::bench
