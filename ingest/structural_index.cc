#include "ingest/structural_index.h"

#include <simdjson.h>

#include "model/check.h"

namespace tally::ingest {

struct StructuralIndex::Parser {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stages;
  std::size_t count = 0;
};

StructuralIndex::StructuralIndex(std::size_t bytes_max) : parser_(std::make_unique<Parser>()) {
  // Depth concerns the second stage, which is never run.
  constexpr std::size_t kDepth = 1;
  const auto made = simdjson::get_active_implementation()->create_dom_parser_implementation(
      bytes_max, kDepth, parser_->stages);
  TALLY_CHECK(made == simdjson::SUCCESS);
}

StructuralIndex::~StructuralIndex() = default;

bool StructuralIndex::build(std::string_view text) {
  auto& stages = *parser_->stages;
  TALLY_CHECK(text.size() <= stages.capacity());
  const auto result = stages.stage1(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                                    simdjson::stage1_mode::regular);
  // Blank text is "empty" to simdjson: an error to a parser, no tokens to us.
  const bool blank = result == simdjson::EMPTY;
  parser_->count = result == simdjson::SUCCESS ? stages.n_structural_indexes : 0;
  stages.structural_indexes[parser_->count] = static_cast<Token>(text.size());
  return blank || result == simdjson::SUCCESS;
}

const Token* StructuralIndex::tokens() const noexcept {
  return parser_->stages->structural_indexes.get();
}

std::size_t StructuralIndex::count() const noexcept { return parser_->count; }

}  // namespace tally::ingest
