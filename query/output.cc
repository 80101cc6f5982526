#include "query/output.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <utility>

namespace tally::query {
namespace {

constexpr std::size_t kFullBytes = 64 * 1024;

/// Rows that `text` takes on a screen. Bytes count as columns: a pager too many does no harm.
std::size_t rows_of(std::string_view text, std::size_t columns) {
  std::size_t rows = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::size_t length = end == std::string_view::npos ? text.size() : end;
    rows += 1 + (length == 0 || columns == 0 ? 0 : (length - 1) / columns);
    text.remove_prefix(end == std::string_view::npos ? length : length + 1);
  }
  return rows;
}

}  // namespace

Output::Output(int fd, std::optional<PagerOptions> pager)
    : fd_(fd), pager_options_(std::move(pager)) {}

Result<void> Output::choose_pager() {
  if (!pager_options_) return ok();
  const PagerOptions options = *std::exchange(pager_options_, std::nullopt);
  if (rows_of(text_, options.columns) < options.rows) return ok();
  TALLY_TRY(auto pager, Pager::start(options.command));
  pager_.emplace(std::move(pager));
  fd_ = pager_->fd();
  return ok();
}

Result<void> Output::flush_if_full() {
  if (text_.size() < kFullBytes) return ok();
  return flush();
}

Result<void> Output::flush() {
  if (!text_.empty()) {
    TALLY_TRY(choose_pager());
  }
  std::string_view rest = text_;
  while (!rest.empty() && !is_closed_) {
    const ssize_t written = write(fd_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      is_closed_ = true;
    } else if (errno == EAGAIN) {
      pollfd ready{fd_, POLLOUT, 0};
      poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      return errno_error(errno, "writing the output");
    }
  }
  text_.clear();
  return ok();
}

Result<void> Output::finish() {
  TALLY_TRY(flush());
  pager_.reset();
  return ok();
}

void Output::look_for_reader() {
  pollfd state{fd_, 0, 0};
  if (poll(&state, 1, 0) == 1 && (state.revents & (POLLERR | POLLNVAL)) != 0) is_closed_ = true;
}

}  // namespace tally::query
