#include "app/refused_printer.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "model/json_text.h"
#include "model/time.h"
#include "model/utf8.h"
#include "query/visible_text.h"

namespace tally::app {

namespace {

constexpr std::size_t kExcerptBytes = 200;

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool has_offset(const store::RefusedEvent& refused) { return refused.kind != SourceKind::http; }

void append_json(std::string& out, const store::RefusedEvent& refused) {
  out += "{\"received\":\"" + format_rfc3339(refused.received) + "\",\"source\":{\"kind\":\"";
  out += to_string(refused.kind);
  out += "\",\"name\":";
  append_json_string(out, refused.source);
  if (has_offset(refused)) out += ",\"offset\":" + std::to_string(refused.offset);
  out += "},\"client\":";
  if (refused.client.empty()) {
    out += "null";
  } else {
    append_json_string(out, refused.client);
  }
  out += ",\"reason\":";
  append_json_string(out, refused.reason);
  out += ",\"length\":" + std::to_string(refused.length);
  if (refused.length > refused.bytes.size()) {
    const auto* digest = reinterpret_cast<const char*>(refused.sha256.data());
    out += ",\"sha256\":\"" + hex({digest, refused.sha256.size()}) + "\"";
  }
  if (is_utf8(refused.bytes)) {
    out += ",\"event\":";
    append_json_string(out, refused.bytes);
  } else {
    out += ",\"event_hex\":\"" + hex(refused.bytes) + "\"";
  }
  out += "}\n";
}

std::string visible(std::string_view text) {
  std::string out;
  query::append_visible(out, text);
  return out;
}

}  // namespace

RefusedPrinter::RefusedPrinter(RefusedFormat format, query::Zone zone, bool colours)
    : format_(format),
      zone_(zone),
      table_({{"RECEIVED"}, {"SOURCE"}, {"BYTES", true}, {"REASON"}, {"EVENT"}}, colours) {}

void RefusedPrinter::print(const store::RefusedEvent& refused, std::string& out) {
  if (format_ == RefusedFormat::jsonl) {
    append_json(out, refused);
  } else {
    print_row(refused, out);
  }
}

void RefusedPrinter::print_row(const store::RefusedEvent& refused, std::string& out) {
  const UtcTime second = std::chrono::floor<std::chrono::seconds>(refused.received);
  const std::string received = format_rfc3339(second, zone_.offset_at(second));
  std::string source = visible(refused.source);
  if (has_offset(refused)) source += ":" + std::to_string(refused.offset);
  const std::string length = std::to_string(refused.length);
  const std::string reason = visible(refused.reason);
  const std::string event = visible(std::string_view(refused.bytes).substr(0, kExcerptBytes));
  const std::array<std::string_view, 5> cells = {received, source, length, reason, event};
  table_.add_row(cells, out);
}

void RefusedPrinter::finish(std::string& out) {
  if (format_ == RefusedFormat::table) table_.finish(out);
}

}  // namespace tally::app
