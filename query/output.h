#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "model/result.h"
#include "query/pager.h"

namespace tally::query {

/// When and how long output goes through a pager.
struct PagerOptions {
  std::string command;    ///< see Pager
  std::size_t rows = 24;  ///< of the screen: what fits on it needs no pager
  std::size_t columns = 80;
};

/// Buffered output of a command to a descriptor, through a pager if it is asked for and the output
/// is long. A reader that goes away (EPIPE; SIGPIPE must be ignored) is no error: what follows is
/// dropped, and is_closed() says so. One thread.
class Output {
 public:
  /// `fd` must stay open as long as this lives; it is not closed.
  explicit Output(int fd, std::optional<PagerOptions> pager = std::nullopt);
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  /// Where to append text.
  std::string& text() noexcept { return text_; }

  /// Writes the text out if there is much of it.
  Result<void> flush_if_full();
  Result<void> flush();

  /// Writes the rest and, if there is a pager, waits for it.
  Result<void> finish();

  /// Whether nobody reads any more, as far as writing has shown.
  bool is_closed() const noexcept { return is_closed_; }

  /// Looks whether the reader has gone though nothing was written; cheap.
  void look_for_reader();

 private:
  Result<void> choose_pager();

  int fd_;
  std::optional<PagerOptions> pager_options_;  // until the first flush has decided
  std::optional<Pager> pager_;
  std::string text_;
  bool is_closed_ = false;
};

}  // namespace tally::query
