#include "tests/ingest/plain_event_check.h"

#include <optional>
#include <set>
#include <string>

#include "model/time.h"
#include "model/utf8.h"

namespace tally::tests {
namespace {

constexpr int kDepthMax = 32;
constexpr std::size_t kBytesMax = 64 * 1024;

/// What a value is, as far as the contract asks: '"', '{', '[', 'b' (boolean), 'n' (null), '0'.
struct Value {
  char kind = 0;
  std::string text;        ///< of a string, unescaped
  std::size_t length = 0;  ///< of it, in code points
};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool event() {
    blanks();
    std::set<std::string> seen;
    if (!object(1, &seen)) return false;
    blanks();
    return at_ == text_.size() && seen.contains("timestamp") && seen.contains("service") &&
           seen.contains("operation") && seen.contains("success");
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  void blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(peek()) != text_.npos) ++at_;
  }
  bool digits() {
    const std::size_t begin = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ > begin;
  }

  bool object(int depth, std::set<std::string>* fields) {
    if (depth > kDepthMax || !take('{')) return false;
    std::set<std::string> keys;
    blanks();
    if (take('}')) return true;
    do {
      blanks();
      const auto key = string();
      if (!key || !keys.insert(key->text).second) return false;
      blanks();
      if (!take(':')) return false;
      const auto member = value(depth);
      if (!member || (fields != nullptr && !is_field(key->text, *member))) return false;
      blanks();
    } while (take(','));
    if (fields != nullptr) *fields = keys;
    return take('}');
  }

  bool array(int depth) {
    if (depth > kDepthMax || !take('[')) return false;
    blanks();
    if (take(']')) return true;
    do {
      if (!value(depth)) return false;
      blanks();
    } while (take(','));
    return take(']');
  }

  std::optional<Value> value(int depth) {
    blanks();
    const char first = peek();
    if (first == '"') return string();
    bool good = false;
    char kind = first;
    if (first == '{') good = object(depth + 1, nullptr);
    if (first == '[') good = array(depth + 1);
    if (first == 't') good = take("true"), kind = 'b';
    if (first == 'f') good = take("false"), kind = 'b';
    if (first == 'n') good = take("null");
    if (first == '-' || (first >= '0' && first <= '9')) good = number(), kind = '0';
    if (!good) return std::nullopt;
    return Value{kind, {}, 0};
  }

  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!digits()) return false;
    }
    return true;
  }

  std::optional<Value> string() {
    if (!take('"')) return std::nullopt;
    Value value{'"', {}, 0};
    while (!take('"')) {
      const std::size_t length = utf8_length(text_.substr(at_));
      if (length == 0 || static_cast<unsigned char>(peek()) < 0x20) return std::nullopt;
      ++value.length;
      if (take('\\')) {
        if (!escape(value.text)) return std::nullopt;
      } else {
        value.text += text_.substr(at_, length);
        at_ += length;
      }
    }
    return value;
  }

  bool escape(std::string& out) {
    constexpr std::string_view kEscapes = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const std::size_t plain = at_ < text_.size() ? kEscapes.find(peek()) : text_.npos;
    if (plain != text_.npos) {
      ++at_;
      out += kMeanings[plain];
      return true;
    }
    std::uint32_t code = 0;
    if (!unit(code) || (code >= 0xDC00 && code < 0xE000)) return false;
    if (code >= 0xD800 && code < 0xDC00) {
      std::uint32_t low = 0;
      if (!take('\\') || !unit(low) || low < 0xDC00 || low >= 0xE000) return false;
      code = 0x10000 + (code - 0xD800) * 0x400 + (low - 0xDC00);
    }
    append(out, code);
    return true;
  }

  bool unit(std::uint32_t& code) {
    constexpr std::string_view kHex = "0123456789abcdef0123456789ABCDEF";
    if (!take('u')) return false;
    for (int i = 0; i < 4; ++i, ++at_) {
      const std::size_t digit = at_ < text_.size() ? kHex.find(peek()) : text_.npos;
      if (digit == text_.npos) return false;
      code = code * 16 + static_cast<std::uint32_t>(digit % 16);
    }
    return true;
  }

  static void append(std::string& out, std::uint32_t code) {
    int tail = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    constexpr unsigned kLead[] = {0, 0xC0, 0xE0, 0xF0};
    out += static_cast<char>(kLead[tail] | code >> (6 * tail));
    while (tail-- > 0) out += static_cast<char>(0x80 | (code >> (6 * tail) & 0x3F));
  }

  static bool is_field(const std::string& name, const Value& value) {
    const bool text = value.kind == '"';
    if (name == "timestamp") return text && parse_rfc3339(value.text);
    if (name == "service" || name == "operation") {
      return text && value.length >= 1 && value.length <= 256;
    }
    if (name == "container") return value.kind == 'n' || (text && value.length <= 512);
    if (name == "success") return value.kind == 'b';
    if (name == "error") return value.kind == 'n' || text;
    if (name == "metadata") return value.kind == 'n' || value.kind == '{';
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

bool plain_event_check(std::string_view event) {
  return event.size() <= kBytesMax && Reader(event).event();
}

}  // namespace tally::tests
