#include "ingest/validator.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "ingest/accepted_lines.h"
#include "ingest/array_splitter.h"
#include "ingest/event_walker.h"
#include "ingest/lexical_fault.h"
#include "ingest/quoted_excerpt.h"
#include "ingest/refusal_list.h"
#include "ingest/refusal_reason.h"
#include "ingest/structural_index.h"

namespace tally::ingest {
namespace {

// A window's tokens and text stay in the second-level cache between the two passes over them; it is
// larger than any event, so that a line which is longer than a window is one to be refused.
constexpr std::size_t kWindowBytes = 128 * 1024;
static_assert(kWindowBytes > Validator::kEventBytesMax + 2);
static_assert(Validator::kDepthMax == kNestingMax);

constexpr std::string_view kBlanks = " \t\r\n";

/// [begin, end) of the body without blanks on either side.
struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

Range trim(std::string_view text) noexcept {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return {begin, text.find_last_not_of(kBlanks) + 1};
}

BodyForm sniff(std::string_view text) noexcept {
  // The one event of most bodies: as a line it is judged like an object, and needs no second look.
  if (text.starts_with('{') && text.ends_with('}') && text.find('\n') == text.npos) {
    return BodyForm::ndjson;
  }
  const auto [begin, end] = trim(text);
  if (begin == end) return BodyForm::ndjson;
  if (text[begin] == '[') return BodyForm::array;
  const bool alone = text[begin] == '{' && value_end(text, begin) == end;
  return alone ? BodyForm::object : BodyForm::ndjson;
}

std::string array_reason(ArrayFlaw flaw) {
  switch (flaw) {
    case ArrayFlaw::none:
      break;
    case ArrayFlaw::missing_comma:
      return "a comma is missing before this element";
    case ArrayFlaw::missing_element:
      return "an element is missing here";
    case ArrayFlaw::unclosed:
      return "the array is not closed: ] is missing at the end";
    case ArrayFlaw::text_behind:
      return "text behind the array";
  }
  return {};
}

Fault behind_event(const Token* token) noexcept {
  return {.flaw = Flaw::text_behind, .token = token, .offset = *token};
}

/// The byte behind a text is NUL while this lives.
class Terminator {
 public:
  explicit Terminator(char* end) noexcept : end_(end), byte_(std::exchange(*end, '\0')) {}
  ~Terminator() { *end_ = byte_; }
  Terminator(const Terminator&) = delete;
  Terminator& operator=(const Terminator&) = delete;

 private:
  char* end_;
  char byte_;
};

}  // namespace

struct Validator::State {
  std::span<char> body;
  Verdict verdict;
  AcceptedLines accepted{verdict.extents};
  RefusalList refusals{verdict.refusals};
  StructuralIndex window_index{kWindowBytes};
  EventWalker window_walker;
  StructuralIndex lone_index{kEventBytesMax};
  EventWalker lone_walker;
  std::vector<Token> tokens;  ///< of a text that `lone_index` did not take
  std::uint32_t line = 0;

  std::string_view text() const noexcept { return {body.data(), body.size()}; }

  void lines();
  std::size_t window_end(std::size_t begin) const noexcept;
  std::size_t overlong_line(std::size_t begin);
  void window(std::size_t begin, std::size_t end);
  bool indexed_window(std::size_t begin, std::size_t end);
  const Token* indexed_line(const Token* token, const char* window, Range line_range, bool has_end);
  void lone_line(Range line_range, bool has_end);

  void object();
  void array();
  void element(const ArrayElement& element);

  std::optional<std::string> flaw_of(Range range);
  std::string lexical_reason(char* text, Token length);
  std::optional<std::string> walk_alone(const char* text, const Token* first, Token end);
  Range event_of(Range line_range, bool has_end) const noexcept;
  void accept(Range line_range, bool has_end);
  void refuse(Range range, std::string reason);
};

// The fast path: one index over a window of whole lines, and one walk along it.

void Validator::State::lines() {
  std::size_t begin = 0;
  while (begin < body.size()) {
    const std::size_t end = window_end(begin);
    if (end == begin) {
      begin = overlong_line(begin);
    } else {
      window(begin, end);
      begin = end;
    }
  }
}

/// Behind the last line end within a window's length; `begin` if there is none.
std::size_t Validator::State::window_end(std::size_t begin) const noexcept {
  if (body.size() - begin <= kWindowBytes) return body.size();
  const void* found = ::memrchr(body.data() + begin, '\n', kWindowBytes);
  if (found == nullptr) return begin;
  return static_cast<std::size_t>(static_cast<const char*>(found) - body.data()) + 1;
}

/// Refuses the line without looking into it; returns where the next one begins.
std::size_t Validator::State::overlong_line(std::size_t begin) {
  ++line;
  const std::size_t line_end = std::min(text().find('\n', begin), body.size());
  const Range range = event_of({begin, line_end}, line_end < body.size());
  const std::string_view start = text().substr(begin, kWindowBytes);
  refuse(range, too_large_reason(start, range.end - range.begin));
  return std::min(line_end + 1, body.size());
}

void Validator::State::window(std::size_t begin, std::size_t end) {
  if (indexed_window(begin, end)) return;
  // A line that is not even text costs the others their common index, and no more.
  while (begin < end) {
    ++line;
    const std::size_t found = text().substr(0, end).find('\n', begin);
    const std::size_t line_end = std::min(found, end);
    lone_line({begin, line_end}, found != std::string_view::npos);
    begin = line_end + 1;
  }
}

bool Validator::State::indexed_window(std::size_t begin, std::size_t end) {
  char* const window = body.data() + begin;
  const std::size_t length = end - begin;
  const Terminator terminator(window + length);
  if (!window_index.build({window, length})) return false;
  window_walker.enter(window, 0, static_cast<Token>(length));
  const Token* token = window_index.tokens();
  for (std::size_t at = 0; at < length;) {
    ++line;
    const void* found = std::memchr(window + at, '\n', length - at);
    const std::size_t line_end =
        found == nullptr ? length
                         : static_cast<std::size_t>(static_cast<const char*>(found) - window);
    token = indexed_line(token, window, {begin + at, begin + line_end}, found != nullptr);
    at = line_end + 1;
  }
  return true;
}

/// Returns the first token behind the line.
const Token* Validator::State::indexed_line(const Token* token, const char* window,
                                            Range line_range, bool has_end) {
  const std::size_t window_begin = static_cast<std::size_t>(window - body.data());
  const Token end = static_cast<Token>(line_range.end - window_begin);
  if (*token >= end) return token;
  if (line_range.end - line_range.begin <= kEventBytesMax) {
    const Token* behind = window_walker.walk(token, end);
    if (behind != nullptr && *behind >= end) {
      accept(line_range, has_end);
      return behind;
    }
  }
  lone_line(line_range, has_end);
  while (*token < end) ++token;
  return token;
}

// The careful path: one event by itself, with a reason if it is refused.

void Validator::State::lone_line(Range line_range, bool has_end) {
  const Range event = event_of(line_range, has_end);
  const std::string_view content = text().substr(event.begin, event.end - event.begin);
  if (content.find_first_not_of(kBlanks) == std::string_view::npos) return;
  if (auto reason = flaw_of(event)) {
    refuse(event, *std::move(reason));
  } else {
    accept(line_range, has_end);
  }
}

/// Why the event is refused; nothing if it is not.
std::optional<std::string> Validator::State::flaw_of(Range event) {
  char* const begin = body.data() + event.begin;
  const std::size_t length = event.end - event.begin;
  if (length > kEventBytesMax) return too_large_reason({begin, length}, length);
  const Terminator terminator(begin + length);
  const auto end = static_cast<Token>(length);
  if (!lone_index.build({begin, length})) return lexical_reason(begin, end);
  lone_walker.enter(begin, 0, end);
  return walk_alone(begin, lone_index.tokens(), end);
}

std::optional<std::string> Validator::State::walk_alone(const char* begin, const Token* first,
                                                        Token end) {
  const Token* behind = lone_walker.walk(first, end);
  if (behind != nullptr && *behind == end) return std::nullopt;
  const Fault fault = behind == nullptr ? lone_walker.fault() : behind_event(behind);
  return refusal_reason({begin, 0, end, first}, fault);
}

/// Of a text that cannot be indexed. What is wrong with the tokens before its first unsound string
/// comes before what is wrong with the string.
std::string Validator::State::lexical_reason(char* begin, Token end) {
  LexicalFault lexical = find_lexical_fault(begin, 0, end, tokens);
  const Token stop = tokens.back();
  Fault fault;
  {
    const Terminator terminator(begin + stop);
    lone_walker.enter(begin, 0, stop);
    const Token* behind = lone_walker.walk(tokens.data(), end);
    fault = behind == nullptr ? lone_walker.fault() : behind_event(behind);
  }
  const bool reached = fault.token == &tokens.back() && lexical.flaw != Flaw::none;
  if (reached) fault = {.flaw = lexical.flaw, .token = fault.token, .offset = lexical.offset};
  return refusal_reason({begin, 0, end, tokens.data()}, fault);
}

// Objects and arrays.

void Validator::State::object() {
  line = 1;
  const Range range = trim(text());
  if (range.begin == range.end) return refuse(range, "no event: the body is empty");
  element({range.begin, range.end, ArrayFlaw::none});
}

void Validator::State::array() {
  const auto [begin, end] = trim(text());
  if (begin == end || body[begin] != '[') {
    line = 1;
    const std::string_view found = text().substr(begin, end - begin);
    return refuse({begin, end}, begin == end ? "no array: the body is empty"
                                             : "not a JSON array: found " + quoted_excerpt(found));
  }
  ArraySplitter splitter(text(), begin + 1);
  while (const auto part = splitter.next()) {
    ++line;
    element(*part);
  }
}

void Validator::State::element(const ArrayElement& part) {
  const Range range{part.begin, part.end};
  if (part.flaw != ArrayFlaw::none) return refuse(range, array_reason(part.flaw));
  if (auto reason = flaw_of(range)) return refuse(range, *std::move(reason));
  // White space is all that line ends can be in JSON; a stored event is one line.
  std::replace_if(
      body.begin() + static_cast<std::ptrdiff_t>(part.begin),
      body.begin() + static_cast<std::ptrdiff_t>(part.end),
      [](char c) { return c == '\n' || c == '\r'; }, ' ');
  accepted.add(part.begin, part.end, 0);
}

Range Validator::State::event_of(Range line_range, bool has_end) const noexcept {
  const bool carriage_return =
      has_end && line_range.end > line_range.begin && body[line_range.end - 1] == '\r';
  return {line_range.begin, line_range.end - (carriage_return ? 1 : 0)};
}

void Validator::State::accept(Range line_range, bool has_end) {
  const Range event = event_of(line_range, has_end);
  const std::size_t line_end = line_range.end - event.end + (has_end ? 1 : 0);
  accepted.add(event.begin, event.end, static_cast<std::uint8_t>(line_end));
}

void Validator::State::refuse(Range range, std::string reason) {
  refusals.add(line, range.begin, text().substr(range.begin, range.end - range.begin),
               std::move(reason));
}

Validator::Validator() : state_(std::make_unique<State>()) {}
Validator::~Validator() = default;
Validator::Validator(Validator&&) noexcept = default;
Validator& Validator::operator=(Validator&&) noexcept = default;

const Verdict& Validator::validate(std::span<char> body, BodyForm form) {
  State& state = *state_;
  state.body = body;
  state.line = 0;
  state.accepted.start(body);
  state.refusals.start();
  if (form == BodyForm::sniff) form = sniff(state.text());
  switch (form) {
    case BodyForm::ndjson:
    case BodyForm::sniff:
      state.lines();
      break;
    case BodyForm::object:
      state.object();
      break;
    case BodyForm::array:
      state.array();
      break;
  }
  state.refusals.finish();
  state.verdict.lines = state.accepted.finish();
  state.verdict.count = state.accepted.count();
  return state.verdict;
}

}  // namespace tally::ingest
