#include "query/envelope.h"

#include "model/json_text.h"

namespace tally::query {

void append_envelope(std::string& out, const ScannedEvent& event, std::string_view store_id) {
  const Run& run = event.run();
  out += "{\"seq\":";
  out += std::to_string(to_number(event.sequence()));
  out += ",\"store\":\"";
  out += store_id;
  out += "\",\"received\":\"";
  out += format_rfc3339(run.received);
  out += "\",\"source\":{\"kind\":\"";
  out += to_string(run.kind);
  out += "\",\"name\":";
  append_json_string(out, run.source);
  if (run.kind != SourceKind::http) {
    out += ",\"offset\":";
    out += std::to_string(event.offset());
  }
  out += "},\"client\":";
  if (run.client.empty()) {
    out += "null";
  } else {
    append_json_string(out, run.client);
  }
  out += ",\"event\":";
  out += event.line();
  out += '}';
}

}  // namespace tally::query
