#pragma once

#include <unistd.h>

#include <array>
#include <future>
#include <string>

namespace tally::query {

/// A pipe with somebody who reads it to its end, so that a test can look at what a command wrote.
class PipeReader {
 public:
  PipeReader() {
    if (pipe(ends_.data()) != 0) std::abort();
    text_ = std::async(std::launch::async, [from = ends_[0]] {
      std::string all;
      std::array<char, 65536> buffer{};
      for (ssize_t got = 0; (got = read(from, buffer.data(), buffer.size())) > 0;) {
        all.append(buffer.data(), static_cast<std::size_t>(got));
      }
      return all;
    });
  }
  ~PipeReader() {
    if (text_.valid()) text();
    close(ends_[0]);
  }
  PipeReader(const PipeReader&) = delete;
  PipeReader& operator=(const PipeReader&) = delete;

  int fd() const { return ends_[1]; }

  /// Closes the writing end and returns everything that went in. Once.
  std::string text() {
    close(ends_[1]);
    return text_.get();
  }

 private:
  std::array<int, 2> ends_{};
  std::future<std::string> text_;
};

}  // namespace tally::query
