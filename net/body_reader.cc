#include "net/body_reader.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "net/chunked_decoder.h"
#include "net/wakeup.h"

namespace tally::net {
namespace {

// What a chunked body starts with; doubled as it grows, since nobody knows where it will end.
constexpr std::size_t kFirstChunkedCapacity = 64 * 1024;
// What follows a chunked body has to fit into the scratch memory again.
constexpr std::size_t kReceiveBytesMax = HttpThread::kScratchBytes / 2;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

BodyReader::~BodyReader() {
  if (buffer_.bytes) thread_.bodies().give_back(std::move(buffer_));
  if (reserved_ > 0) thread_.shared().budget.release(reserved_);
}

Task<BodyReader::Outcome> BodyReader::read(const RequestHead& head, std::string& received) {
  connection_.arm(Connection::Wait::body);
  if (head.chunked) return read_chunked(head, received);
  return read_counted(head, received);
}

Task<BodyReader::Outcome> BodyReader::read_counted(const RequestHead& head, std::string& received) {
  const auto length = static_cast<std::size_t>(head.content_length);
  if (!co_await grow(length)) co_return Outcome::no_budget;
  size_ = std::min(length, received.size());
  std::memcpy(buffer_.bytes.get(), received.data(), size_);
  received.erase(0, size_);
  if (size_ == 0 && !co_await invite(head)) co_return Outcome::broken;
  while (size_ < length) {
    co_await connection_.readable();
    const auto bytes = connection_.read_some({buffer_.bytes.get() + size_, length - size_});
    if (!bytes) co_return Outcome::broken;
    size_ += *bytes;
  }
  co_return Outcome::complete;
}

Task<BodyReader::Outcome> BodyReader::read_chunked(const RequestHead& head, std::string& received) {
  using State = ChunkedDecoder::State;
  if (received.empty() && !co_await invite(head)) co_return Outcome::broken;
  ChunkedDecoder decoder;
  std::size_t position = 0;
  while (decoder.state() != State::done) {
    const ChunkedDecoder::Step step = decoder.next(std::string_view(received).substr(position));
    if (decoder.state() == State::malformed) co_return Outcome::malformed;
    const std::size_t limit = thread_.options().body_bytes_max;
    if (decoder.data_left() > limit - size_) co_return Outcome::too_large;
    if (!step.data.empty()) {
      if (step.data.size() > limit - size_) co_return Outcome::too_large;
      if (!co_await grow(size_ + step.data.size())) co_return Outcome::no_budget;
      std::memcpy(buffer_.bytes.get() + size_, step.data.data(), step.data.size());
      size_ += step.data.size();
    }
    position += step.consumed;
    if (step.consumed == 0 && decoder.state() != State::done) {
      received.erase(0, std::exchange(position, 0));
      if (!co_await receive(received)) co_return Outcome::broken;
    }
  }
  received.erase(0, position);
  if (!buffer_.bytes && !co_await grow(0)) co_return Outcome::no_budget;
  co_return Outcome::complete;
}

/// Makes room for `capacity` bytes in all; false if the budget has no room in time.
Task<bool> BodyReader::grow(std::size_t capacity) {
  if (buffer_.bytes && capacity <= reserved_) co_return true;
  if (buffer_.bytes || capacity == 0) {
    capacity = std::max({capacity, kFirstChunkedCapacity, reserved_ * 2});
    capacity = std::min(capacity, thread_.options().body_bytes_max);
  }
  if (!co_await reserve(capacity - reserved_)) co_return false;
  reserved_ = capacity;
  BodyBuffer larger = thread_.bodies().take(capacity + kBodyPadding);
  if (buffer_.bytes) {
    std::memcpy(larger.bytes.get(), buffer_.bytes.get(), size_);
    thread_.bodies().give_back(std::move(buffer_));
  }
  buffer_ = std::move(larger);
  co_return true;
}

Task<bool> BodyReader::reserve(std::size_t bytes) {
  ByteBudget& budget = thread_.shared().budget;
  if (budget.try_reserve(bytes)) co_return true;
  // The budget grants from whatever thread gives bytes back; the rest happens on ours.
  Wakeup wakeup;
  bool granted = false;
  bool given_up = false;
  const std::function<void()> resume = [&granted, &wakeup] {
    granted = true;
    wakeup.notify();
  };
  const ByteBudget::Ticket ticket =
      budget.wait(bytes, [this, resume] { thread_.io().post(resume); });
  connection_.set_on_cancel([&] {
    // Where the grant was on its way already, it is awaited, since it refers to this frame.
    given_up = budget.cancel(ticket);
    if (given_up) thread_.io().post([&wakeup] { wakeup.notify(); });
  });
  while (!granted && !given_up) co_await wakeup.wait();
  connection_.set_on_cancel(nullptr);
  co_return granted;
}

/// Answers `Expect: 100-continue`; false if the connection broke.
Task<bool> BodyReader::invite(const RequestHead& head) {
  if (!head.expects_continue || head.http10) co_return true;
  std::array pieces{iovec{const_cast<char*>(kContinue.data()), kContinue.size()}};
  if (!co_await connection_.write(pieces)) co_return false;
  connection_.arm(Connection::Wait::body);
  co_return true;
}

Task<bool> BodyReader::receive(std::string& received) {
  co_await connection_.readable();
  const std::span<char> scratch = thread_.scratch().first(kReceiveBytesMax);
  const std::optional<std::size_t> bytes = connection_.read_some(scratch);
  if (!bytes) co_return false;
  received.append(scratch.data(), *bytes);
  co_return true;
}

}  // namespace tally::net
