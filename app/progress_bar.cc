#include "app/progress_bar.h"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

namespace tally::app {

namespace {

constexpr int kCells = 24;

std::string draw_cells(std::uint64_t done, std::uint64_t total) {
  const auto full =
      static_cast<int>(static_cast<double>(done) / static_cast<double>(total) * kCells);
  std::string cells;
  for (int i = 0; i < kCells; ++i) cells += i < full ? "█" : "░";
  return cells;
}

}  // namespace

ProgressBar::ProgressBar(bool shown, std::string verb) : shown_(shown), verb_(std::move(verb)) {}

ProgressBar::~ProgressBar() { wipe(); }

void ProgressBar::update(std::uint64_t done, std::uint64_t total, std::uint64_t events) {
  if (!due()) return;
  const double rate = static_cast<double>(events) / elapsed().count();
  std::string line;
  if (total >= done && total > 0) {
    line = fmt::format("{} {:3.0f} % ", draw_cells(done, total),
                       100.0 * static_cast<double>(done) / static_cast<double>(total));
  }
  draw(line + fmt::format("{} events, {:.0f}/s", events, rate));
}

void ProgressBar::update(std::string_view text) {
  if (due()) draw(text);
}

bool ProgressBar::due() {
  const auto now = std::chrono::steady_clock::now();
  if (!shown_ || now < next_) return false;
  next_ = now + std::chrono::milliseconds(100);
  return true;
}

void ProgressBar::draw(std::string_view text) {
  drawn_ = true;
  fmt::print(stderr, "\r\033[K{} {}", verb_, text);
}

void ProgressBar::wipe() {
  if (drawn_) std::fputs("\r\033[K", stderr);
  drawn_ = false;
}

std::chrono::duration<double> ProgressBar::elapsed() const {
  return std::chrono::steady_clock::now() - start_;
}

}  // namespace tally::app
