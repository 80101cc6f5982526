#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/event_fields.h"
#include "ingest/structural_index.h"
#include "ingest/timestamp_check.h"

namespace tally::ingest {

/// Levels of objects and arrays, the event itself being the first.
inline constexpr int kNestingMax = 32;

/// What can be wrong with an event, apart from its size. What the token of the fault is, in
/// brackets.
enum class Flaw : std::uint8_t {
  none,
  not_an_object,      ///< [what is there instead]
  unfinished,         ///< the text ends inside the event
  no_key,             ///< [what is there instead of a name in quotes]
  no_colon,           ///< [what is there instead]
  no_comma,           ///< [what is there instead of a comma or the closing bracket]
  no_value,           ///< [what is there instead]
  bad_number,         ///< [the number]
  bad_literal,        ///< [the text that begins like true, false or null]
  bad_escape,         ///< [the string]
  short_unicode,      ///< [the string]
  lone_surrogate,     ///< [the string]
  control_character,  ///< [the string]
  invalid_utf8,       ///< [the string]
  open_string,        ///< [the string that has no end]
  too_deep,           ///< [the bracket]
  duplicate_key,      ///< [the later of the two]
  unknown_field,      ///< [its name]
  missing_field,      ///< [the event's first token]
  wrong_type,         ///< [the value]
  empty_text,         ///< [the value]
  too_long,           ///< [the value]
  bad_time,           ///< [the value]
  text_behind,        ///< [what follows the event]
};

struct Fault {
  Flaw flaw = Flaw::none;
  const Token* token = nullptr;
  Token offset = 0;              ///< of the flaw itself, where that is inside the token
  Field field = Field::unknown;  ///< whose value is not what the contract wants
  FieldSet missing = 0;
};

/// Holds the tokens of one event to JSON's grammar and to the contract in one pass, in which it
/// looks at each token once and remembers nothing but the keys of the objects that are open.
/// Not thread-safe. Allocates only to grow its scratch memory.
class EventWalker {
 public:
  /// The text that the next events are in: [begin, end) of `text`, indexed. At `end` there must be
  /// a NUL, so that no number or word runs on past it.
  void enter(const char* text, Token begin, Token end);

  /// Walks the event whose first token is `token`; its text ends before `end`. Returns the token
  /// behind the event, or nullptr: then fault() says what is wrong.
  const Token* walk(const Token* token, Token end);

  const Fault& fault() const noexcept { return fault_; }

 private:
  struct Key {
    std::string_view text;  ///< unescaped
    const Token* token;
  };

  template <class Member>
  const Token* object(const Token* token, Member member);
  const Token* nested_object(const Token* token, int depth);
  const Token* nested_array(const Token* token, int depth);
  const Token* value(const Token* token, int depth);
  const Token* string(const Token* token);
  const Token* escaped_string(const Token* token);
  const Token* number(const Token* token);
  template <std::size_t Size>
  const Token* literal(const Token* token, const char (&word)[Size]);

  const Token* field_value(Field field, const Token* token);
  const Token* timestamp(const Token* token);
  const Token* text_field(Field field, const Token* token, std::size_t length_max);
  const Token* null_or(Field field, char first, const Token* token);

  Field read_field(const Token* key, Field expected);
  bool remember_key(const Token* token, std::size_t first_key);
  bool keys_are_distinct(std::size_t first_key);
  bool read_key(const Token* token, std::string_view& name);
  bool read_escaped_key(const Token* token, std::string_view& name);
  std::string_view unescaped(std::string_view written);
  void find_backslash(Token from) noexcept;

  bool ends_scalar(const char* at) const noexcept;
  char at(const Token* token) const noexcept { return text_[*token]; }
  const Token* fail(Flaw flaw, const Token* token, Field field = Field::unknown) noexcept;

  const char* text_ = nullptr;
  Token text_end_ = 0;
  Token event_end_ = 0;
  /// The first one behind what was looked at, or text_end_. One that was passed over (a line is
  /// left at its first flaw) only makes the next string be looked at with care.
  Token next_backslash_ = 0;
  std::vector<Key> keys_;  ///< of the open objects, the outermost first
  std::string unescaped_;  ///< what keys_ with escapes point into: never grows during an event
  TimestampCheck timestamps_;
  Fault fault_;
};

}  // namespace tally::ingest
