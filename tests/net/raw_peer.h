#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tally::net {

/// A client that says exactly what it is told to, for tests of what a proper client never would.
/// Blocking; a read that gets nothing for half a minute fails the test that waits for it.
class RawPeer {
 public:
  /// Connects to "127.0.0.1:PORT".
  explicit RawPeer(const std::string& address);
  ~RawPeer();
  RawPeer(RawPeer&& other) noexcept;
  RawPeer& operator=(RawPeer&&) = delete;

  /// Sends all of it; false once the server has closed.
  bool send(std::string_view bytes);

  /// Says that nothing more will be sent.
  void end_sending();

  /// The next answer, status line to last body byte, by its Content-Length; what there is of it if
  /// the server closes before. `head_only`: of a request whose answer has no body.
  std::string read_answer(bool head_only = false);

  /// Everything until the server closes.
  std::string read_to_end();

 private:
  bool receive();

  int socket_;
  std::string received_;
};

/// The parts of an answer.
int status_of(std::string_view answer);
std::string_view body_of(std::string_view answer);
bool has_field(std::string_view answer, std::string_view line);

}  // namespace tally::net
