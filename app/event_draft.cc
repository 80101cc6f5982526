#include "app/event_draft.h"

#include "model/json_text.h"

namespace tally::app {

namespace {

void append_field(std::string& out, std::string_view name) {
  out += out.size() == 1 ? "\"" : ", \"";
  out += name;
  out += "\": ";
}

void append_text_field(std::string& out, std::string_view name, const std::string& text) {
  append_field(out, name);
  append_json_string(out, text);
}

void append_optional_field(std::string& out, std::string_view name,
                           const std::optional<std::string>& text) {
  append_field(out, name);
  if (text) {
    append_json_string(out, *text);
  } else {
    out += "null";
  }
}

Result<void> append_metadata(std::string& out, std::string_view entry) {
  const std::size_t equals = entry.find('=');
  const bool json = equals != std::string_view::npos && equals > 0 && entry[equals - 1] == ':';
  const std::string_view key = entry.substr(0, equals - (json ? 1 : 0));
  if (equals == std::string_view::npos || key.empty()) {
    return Error{Errc::invalid, "\"" + std::string(entry) + "\" is neither KEY=TEXT nor KEY:=JSON"};
  }
  const std::string_view value = entry.substr(equals + 1);
  if (out.back() != '{') out += ", ";
  append_json_string(out, key);
  out += ": ";
  if (json) {
    out += value;
  } else {
    append_json_string(out, value);
  }
  return ok();
}

}  // namespace

Result<std::string> write_event(const EventDraft& draft) {
  std::string out = "{";
  append_text_field(out, "timestamp", draft.timestamp);
  append_text_field(out, "service", draft.service);
  append_text_field(out, "operation", draft.operation);
  append_optional_field(out, "container", draft.container);
  append_field(out, "success");
  out += draft.success ? "true" : "false";
  append_optional_field(out, "error", draft.error);
  append_field(out, "metadata");
  out += '{';
  for (const std::string& entry : draft.metadata) {
    TALLY_TRY(append_metadata(out, entry));
  }
  return out + "}}";
}

}  // namespace tally::app
