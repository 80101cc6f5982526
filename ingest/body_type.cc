#include "ingest/body_type.h"

#include <algorithm>
#include <array>

namespace tally::ingest {
namespace {

struct Type {
  std::string_view name;
  BodyForm form;
};

constexpr std::array kTypes = {
    Type{"", BodyForm::sniff},
    Type{"application/json", BodyForm::sniff},
    Type{"application/x-ndjson", BodyForm::ndjson},
    Type{"application/ndjson", BodyForm::ndjson},
    Type{"application/jsonl", BodyForm::ndjson},
    Type{"application/x-jsonlines", BodyForm::ndjson},
    Type{"application/x-www-form-urlencoded", BodyForm::sniff},
    Type{"application/octet-stream", BodyForm::sniff},
    Type{"text/plain", BodyForm::sniff},
};

char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

}  // namespace

std::optional<BodyForm> body_form(std::string_view content_type) noexcept {
  content_type = content_type.substr(0, content_type.find(';'));
  while (content_type.ends_with(' ')) content_type.remove_suffix(1);
  const auto is_it = [content_type](const Type& type) {
    return std::ranges::equal(type.name, content_type, {}, {}, to_lower);
  };
  const auto* const found = std::ranges::find_if(kTypes, is_it);
  if (found == kTypes.end()) return std::nullopt;
  return found->form;
}

}  // namespace tally::ingest
