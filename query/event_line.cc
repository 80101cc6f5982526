#include "query/event_line.h"

#include <algorithm>

#include "model/json_text.h"
#include "query/visible_text.h"

namespace tally::query {
namespace {

// Usual lengths of names; longer ones push the rest of their own line only.
constexpr std::size_t kServiceWidth = 20;
constexpr std::size_t kOperationWidth = 10;
constexpr std::size_t kContainerWidth = 16;

struct LinePart {
  std::string_view text;
  Colour colour = Colour::plain;
  std::size_t width = 0;
};

void append_part(std::string& out, const LinePart& part, bool colours) {
  const std::size_t begin = out.size();
  append_visible(out, part.text);
  const std::size_t width = display_width(std::string_view(out).substr(begin));
  if (colours && part.colour != Colour::plain) {
    out.insert(begin, begin_colour(part.colour));
    out += kEndColour;
  }
  if (width < part.width) out.append(part.width - width, ' ');
}

/// A metadata text that reads well without quotes.
bool is_plain_word(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
    return c == ' ' || c == '"' || c == '=' || c == '\t' || c == '\n';
  });
}

}  // namespace

void append_local_time(std::string& out, UtcTime time, Zone& zone) {
  namespace chr = std::chrono;
  const auto millis = chr::floor<chr::milliseconds>(zone.to_local(time).time_since_epoch());
  const bool is_whole = millis % chr::seconds{1} == chr::milliseconds{0};
  std::string text = format_rfc3339(UtcTime{millis});  // a reading of the local clock, not UTC
  text.pop_back();
  text[10] = ' ';
  if (is_whole) text += ".000";
  out += text;
}

void append_metadata(std::string& out, std::string_view metadata, store::MetadataReader& reader) {
  bool is_first = true;
  for (const store::MetadataField& field : reader.fields(metadata)) {
    if (!is_first) out += ' ';
    is_first = false;
    append_visible(out, field.key);
    out += '=';
    if (field.is_string && !is_plain_word(field.value)) {
      std::string quoted;
      append_json_string(quoted, field.value);
      append_visible(out, quoted);
    } else {
      append_visible(out, field.value);
    }
  }
}

void append_event_line(std::string& out, const store::EventFields& event,
                       store::MetadataReader& reader, LineStyle& style) {
  std::string time;
  append_local_time(time, event.time.utc, style.zone);
  append_part(out, {time, Colour::dim}, style.colours);
  out += "  ";
  append_part(out,
              {event.success ? "ok" : "FAILED", event.success ? Colour::green : Colour::red, 6},
              style.colours);
  out += "  ";
  append_part(out, {event.service, Colour::cyan, kServiceWidth}, style.colours);
  out += "  ";
  append_part(out, {event.operation, Colour::bold, kOperationWidth}, style.colours);
  out += "  ";
  append_part(out, {event.container.value_or("-"), Colour::plain, kContainerWidth}, style.colours);
  if (event.error) {
    out += "  ";
    append_part(out, {*event.error, Colour::red}, style.colours);
  }
  if (!event.metadata.empty()) {
    out += "  ";
    if (style.colours) out += begin_colour(Colour::dim);
    append_metadata(out, event.metadata, reader);
    if (style.colours) out += kEndColour;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
}

}  // namespace tally::query
