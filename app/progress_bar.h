#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace tally::app {

/// A line on stderr that tells how far a long job is; it appears after a second, changes ten times
/// a second at most, and wipes itself away at the end. One thread.
class ProgressBar {
 public:
  /// `shown`: stderr is a terminal. `verb`: "importing".
  ProgressBar(bool shown, std::string verb);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// `done` of `total` bytes (0: nobody knows how many) were read, and gave `events`.
  void update(std::uint64_t done, std::uint64_t total, std::uint64_t events);

  /// Shows what only the caller knows how to tell: how far it is.
  void update(std::string_view text);

  /// Removes the line from the terminal, so that something else can be printed.
  void wipe();

  std::chrono::duration<double> elapsed() const;

 private:
  bool due();
  void draw(std::string_view text);

  const bool shown_;
  const std::string verb_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point next_ = start_ + std::chrono::seconds(1);
  bool drawn_ = false;
};

}  // namespace tally::app
