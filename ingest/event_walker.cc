#include "ingest/event_walker.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "ingest/json_escapes.h"

namespace tally::ingest {
namespace {

/// Up to so many keys of an object are compared in pairs as they come; more are sorted at its end,
/// so that a hostile object costs n log n.
constexpr std::size_t kPairwiseMax = 16;

/// What may follow a number or word.
constexpr std::array<bool, 256> kEndsScalar = [] {
  std::array<bool, 256> ends{};
  for (const unsigned char c : {' ', '\t', '\n', '\r', ',', ':', '{', '}', '[', ']'})
    ends[c] = true;
  return ends;
}();

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Behind the digits at `at`. Eight bytes at once: of each, less '0', only a digit's stays below
/// the high bit when 0x76 is added. How long numbers are cannot be foreseen, so there is no branch
/// on it.
const char* skip_digits(const char* at) noexcept {
  static_assert(std::endian::native == std::endian::little, "the first byte has to be the lowest");
  constexpr std::uint64_t kEachByte = 0x0101010101010101;
  for (;; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof(word));
    word ^= kEachByte * '0';
    const std::uint64_t others = ((word + kEachByte * 0x76) | word) & kEachByte * 0x80;
    if (others != 0) return at + std::countr_zero(others) / 8;
  }
}

/// The end of the RFC 8259 number at `at`, or nullptr if there is none.
const char* number_end(const char* at) noexcept {
  if (*at == '-') ++at;
  if (!is_digit(*at)) return nullptr;
  at = *at == '0' ? at + 1 : skip_digits(at);
  if (*at == '.') {
    if (!is_digit(*++at)) return nullptr;
    at = skip_digits(at);
  }
  if (*at == 'e' || *at == 'E') {
    ++at;
    if (*at == '+' || *at == '-') ++at;
    if (!is_digit(*at)) return nullptr;
    at = skip_digits(at);
  }
  return at;
}

Flaw flaw_of(EscapeFlaw flaw) noexcept {
  switch (flaw) {
    case EscapeFlaw::none:
      return Flaw::none;
    case EscapeFlaw::unknown:
      return Flaw::bad_escape;
    case EscapeFlaw::short_unicode:
      return Flaw::short_unicode;
    case EscapeFlaw::lone_surrogate:
      return Flaw::lone_surrogate;
  }
  return Flaw::bad_escape;
}

}  // namespace

void EventWalker::enter(const char* text, Token begin, Token end) {
  text_ = text;
  text_end_ = end;
  // Room for all keys that a walk can meet, so that views into it stay good.
  unescaped_.reserve(end - begin);
  find_backslash(begin);
}

void EventWalker::find_backslash(Token from) noexcept {
  const void* found = std::memchr(text_ + from, '\\', text_end_ - from);
  next_backslash_ =
      found == nullptr ? text_end_ : static_cast<Token>(static_cast<const char*>(found) - text_);
}

const Token* EventWalker::walk(const Token* token, Token end) {
  event_end_ = end;
  fault_ = {};
  keys_.clear();
  unescaped_.clear();
  if (at(token) != '{') return fail(Flaw::not_an_object, token);

  FieldSet seen = 0;
  Field expected = Field::timestamp;
  const Token* behind = object(token, [&](const Token* key) -> const Token* {
    const Field field = read_field(key, expected);
    if (field == Field::unknown) return nullptr;
    if ((seen & bit(field)) != 0) return fail(Flaw::duplicate_key, key);
    seen |= bit(field);
    expected = following(field);
    return field_value(field, key + 2);
  });
  if (behind == nullptr) return nullptr;
  // The walk may have run on into the next line; nothing of it lies behind its closing bracket.
  if (behind[-1] >= end) return fail(Flaw::unfinished, behind - 1);
  fault_.missing = kRequiredFields & ~seen;
  if (fault_.missing != 0) return fail(Flaw::missing_field, token);
  return behind;
}

/// `token` is the opening bracket; `member` gets each key and returns the token behind its value.
template <class Member>
inline const Token* EventWalker::object(const Token* token, Member member) {
  ++token;
  if (at(token) == '}') return token + 1;
  for (;;) {
    if (at(token) != '"') return fail(Flaw::no_key, token);
    if (at(token + 1) != ':') return fail(Flaw::no_colon, token + 1);
    token = member(token);
    if (token == nullptr) return nullptr;
    if (at(token) == '}') return token + 1;
    if (at(token) != ',') return fail(Flaw::no_comma, token);
    ++token;
  }
}

const Token* EventWalker::nested_object(const Token* token, int depth) {
  if (depth > kNestingMax) return fail(Flaw::too_deep, token);
  // Each walk that runs on past its line stops at the next bracket, so that lines which each leave
  // theirs open cost no more than lines that do not.
  if (*token >= event_end_) return fail(Flaw::unfinished, token);
  const std::size_t first_key = keys_.size();
  token = object(token, [&](const Token* key) -> const Token* {
    return remember_key(key, first_key) ? value(key + 2, depth) : nullptr;
  });
  if (token == nullptr || !keys_are_distinct(first_key)) return nullptr;
  keys_.resize(first_key);
  return token;
}

const Token* EventWalker::nested_array(const Token* token, int depth) {
  if (depth > kNestingMax) return fail(Flaw::too_deep, token);
  if (*token >= event_end_) return fail(Flaw::unfinished, token);
  ++token;
  if (at(token) == ']') return token + 1;
  for (;;) {
    token = value(token, depth);
    if (token == nullptr) return nullptr;
    if (at(token) == ']') return token + 1;
    if (at(token) != ',') return fail(Flaw::no_comma, token);
    ++token;
  }
}

bool EventWalker::ends_scalar(const char* at) const noexcept {
  return kEndsScalar[static_cast<unsigned char>(*at)] || at == text_ + text_end_;
}

template <std::size_t Size>
inline const Token* EventWalker::literal(const Token* token, const char (&word)[Size]) {
  constexpr std::size_t kLength = Size - 1;
  const char* begin = text_ + *token;
  // Reading on past a shorter text stays within the padding.
  if (std::memcmp(begin, word, kLength) != 0 || !ends_scalar(begin + kLength)) {
    return fail(Flaw::bad_literal, token);
  }
  return token + 1;
}

/// `depth` is that of the object or array that the value is in.
const Token* EventWalker::value(const Token* token, int depth) {
  switch (at(token)) {
    case '"':
      return string(token);
    case '{':
      return nested_object(token, depth + 1);
    case '[':
      return nested_array(token, depth + 1);
    case 't':
      return literal(token, "true");
    case 'f':
      return literal(token, "false");
    case 'n':
      return literal(token, "null");
    default:
      return number(token);
  }
}

const Token* EventWalker::string(const Token* token) {
  // Only white space lies between a string and the next token: a backslash before that one is ours.
  return next_backslash_ < token[1] ? escaped_string(token) : token + 1;
}

const Token* EventWalker::escaped_string(const Token* token) {
  const std::string_view text = string_text(text_, token);
  const EscapeCheck check = check_escapes(text);
  if (check.flaw != EscapeFlaw::none) {
    fail(flaw_of(check.flaw), token);
    fault_.offset = *token + 1 + static_cast<Token>(check.offset);
    return nullptr;
  }
  find_backslash(token[1]);
  return token + 1;
}

const Token* EventWalker::number(const Token* token) {
  const char first = at(token);
  if (!is_digit(first) && first != '-') return fail(Flaw::no_value, token);
  const char* end = number_end(text_ + *token);
  if (end == nullptr || !ends_scalar(end)) return fail(Flaw::bad_number, token);
  return token + 1;
}

const Token* EventWalker::field_value(Field field, const Token* token) {
  switch (field) {
    case Field::timestamp:
      return timestamp(token);
    case Field::service:
      return text_field(field, token, kServiceLengthMax);
    case Field::operation:
      return text_field(field, token, kOperationLengthMax);
    case Field::container:
      if (at(token) != '"') return null_or(field, '"', token);
      return text_field(field, token, kContainerLengthMax);
    case Field::success:
      if (at(token) == 't') return literal(token, "true");
      if (at(token) == 'f') return literal(token, "false");
      return null_or(field, 't', token);
    case Field::error:
      return null_or(field, '"', token);
    case Field::metadata:
      return null_or(field, '{', token);
    case Field::unknown:
      break;
  }
  return nullptr;
}

/// A value that must begin with `first`, or be null unless the field is required.
const Token* EventWalker::null_or(Field field, char first, const Token* token) {
  const char c = at(token);
  const bool may_be_null = (kRequiredFields & bit(field)) == 0;
  const Token* behind = value(token, 1);
  if (behind == nullptr || c == first || (c == 'n' && may_be_null)) return behind;
  return fail(Flaw::wrong_type, token, field);
}

const Token* EventWalker::timestamp(const Token* token) {
  if (at(token) != '"') return null_or(Field::timestamp, '"', token);
  const bool escaped = next_backslash_ < token[1];
  const Token* behind = string(token);
  if (behind == nullptr) return nullptr;
  std::string_view text = string_text(text_, token);
  if (escaped) text = unescaped(text);
  return timestamps_.accepts(text) ? behind : fail(Flaw::bad_time, token, Field::timestamp);
}

const Token* EventWalker::text_field(Field field, const Token* token, std::size_t length_max) {
  if (at(token) != '"') return null_or(field, '"', token);
  const Token* behind = string(token);
  if (behind == nullptr) return nullptr;
  const std::string_view text = string_text(text_, token);
  const bool may_be_empty = (kRequiredFields & bit(field)) == 0;
  if (text.empty() && !may_be_empty) return fail(Flaw::empty_text, token, field);
  // Code points are never more than the bytes that spell them.
  if (text.size() <= length_max || count_code_points(unescaped(text)) <= length_max) return behind;
  return fail(Flaw::too_long, token, field);
}

inline bool EventWalker::read_key(const Token* token, std::string_view& name) {
  name = string_text(text_, token);
  return next_backslash_ >= token[1] || read_escaped_key(token, name);
}

/// The field of that key. Most writers put the fields in one order, so that a guess is right.
Field EventWalker::read_field(const Token* key, Field expected) {
  // The quote that ends the expected name is the key's own: no backslash stands before it.
  if (begins_with_name(text_ + *key + 1, expected)) return expected;
  std::string_view name;
  if (!read_key(key, name)) return Field::unknown;
  const Field field = find_field(name);
  if (field == Field::unknown) fail(Flaw::unknown_field, key);
  return field;
}

bool EventWalker::read_escaped_key(const Token* token, std::string_view& name) {
  if (escaped_string(token) == nullptr) return false;
  name = unescaped(name);
  return true;
}

bool EventWalker::remember_key(const Token* token, std::size_t first_key) {
  std::string_view name;
  if (!read_key(token, name)) return false;
  if (keys_.size() - first_key < kPairwiseMax) {
    for (std::size_t i = first_key; i < keys_.size(); ++i) {
      if (keys_[i].text == name) return fail(Flaw::duplicate_key, token) != nullptr;
    }
  }
  keys_.push_back({name, token});
  return true;
}

bool EventWalker::keys_are_distinct(std::size_t first_key) {
  if (keys_.size() - first_key <= kPairwiseMax) return true;
  const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(first_key);
  std::sort(begin, keys_.end(), [](const Key& a, const Key& b) {
    const int order = a.text.compare(b.text);
    return order != 0 ? order < 0 : a.token < b.token;
  });
  const auto twin = std::adjacent_find(begin, keys_.end(),
                                       [](const Key& a, const Key& b) { return a.text == b.text; });
  return twin == keys_.end() || fail(Flaw::duplicate_key, (twin + 1)->token) != nullptr;
}

/// Valid until the next event: the scratch memory has room for all texts of one event.
std::string_view EventWalker::unescaped(std::string_view written) {
  const std::size_t begin = unescaped_.size();
  append_unescaped(unescaped_, written);
  return std::string_view(unescaped_).substr(begin);
}

const Token* EventWalker::fail(Flaw flaw, const Token* token, Field field) noexcept {
  // What is wrong behind the end of the event is that it should have ended before.
  fault_.flaw = *token >= event_end_ ? Flaw::unfinished : flaw;
  fault_.token = token;
  fault_.offset = *token;
  fault_.field = field;
  return nullptr;
}

}  // namespace tally::ingest
