#include "ingest/answer_text.h"

#include <algorithm>
#include <charconv>

#include "model/json_text.h"

namespace tally::ingest {
namespace {

void append_number(std::string& out, std::uint64_t number) {
  char digits[20];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
  out.append(digits, end);
}

}  // namespace

RefusalsText describe(std::span<const Refusal> refusals) {
  RefusalsText text;
  for (const Refusal& refusal : refusals) text.total += refusal.events;
  for (const Refusal& refusal : refusals.first(std::min(refusals.size(), kListedRefusalsMax))) {
    text.list += text.list.empty() ? "{\"line\":" : ",{\"line\":";
    append_number(text.list, refusal.line);
    text.list += ",\"reason\":";
    append_json_string(text.list, refusal.reason);
    text.list += '}';
  }
  return text;
}

void append_answer(std::string& out, std::uint32_t accepted, Sequence first,
                   const RefusalsText& refusals) {
  out += "{\"accepted\":";
  append_number(out, accepted);
  if (accepted > 0) {
    out += ",\"first_seq\":";
    append_number(out, to_number(first));
    out += ",\"last_seq\":";
    append_number(out, to_number(first) + accepted - 1);
  } else {
    out += ",\"first_seq\":null,\"last_seq\":null";
  }
  out += ",\"rejected\":[";
  out += refusals.list;
  out += ']';
  if (refusals.total > 0) {
    out += ",\"rejected_total\":";
    append_number(out, refusals.total);
  }
  out += "}\n";
}

}  // namespace tally::ingest
