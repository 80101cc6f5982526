#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tally::net {

enum class Method : std::uint8_t { get, head, post, put, delete_, options, other };

/// Bytes behind a body that belong to the handler as well, their content being undefined.
inline constexpr std::size_t kBodyPadding = 64;

/// A whole request, as views into the session's buffers: valid until Handler::handle() returns. A
/// header that was not sent is empty.
struct Request {
  Method method = Method::get;
  std::string_view path;   ///< as sent, percent escapes and all; begins with '/', or is "*"
  std::string_view query;  ///< what follows '?', as sent
  std::string_view host;
  std::string_view origin;
  std::string_view content_type;
  std::string_view content_encoding;
  std::string_view accept;
  std::string_view authorization;
  std::string_view idempotency_key;
  std::span<char> body;   ///< the handler may change it, and kBodyPadding bytes behind it
  std::string_view peer;  ///< the address without port: "127.0.0.1", "::1"
};

}  // namespace tally::net
