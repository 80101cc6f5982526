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
  if (!shown_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  drawn_ = true;
  const double rate = static_cast<double>(events) / elapsed().count();
  std::string line = verb_;
  if (total >= done && total > 0) {
    line += fmt::format(" {} {:3.0f} %", draw_cells(done, total),
                        100.0 * static_cast<double>(done) / static_cast<double>(total));
  }
  fmt::print(stderr, "\r\033[K{} {} events, {:.0f}/s", line, events, rate);
}

void ProgressBar::wipe() {
  if (drawn_) std::fputs("\r\033[K", stderr);
  drawn_ = false;
}

std::chrono::duration<double> ProgressBar::elapsed() const {
  return std::chrono::steady_clock::now() - start_;
}

}  // namespace tally::app
