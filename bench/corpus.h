#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "model/time.h"

namespace tally::bench {

/// What a corpus is made of. The same options give the same bytes on every machine.
struct CorpusOptions {
  std::uint64_t seed = 1;
  /// Of the first event, before jitter: 2026-01-23T21:55:00Z unless set.
  UtcTime start{std::chrono::seconds{1'769'205'300}};
  double events_per_second = 50;
};

/// `options` with `start` moved so that the last of `count` events is not later than `end`, and
/// close to it: for demonstrations, which want events of the last hours.
CorpusOptions ending_at(CorpusOptions options, UtcTime end, std::uint64_t count);

/// Writes audit events as the services of a container host write them: 40 services, 14 operations,
/// 5,000 containers by Zipf's law, 4 % failures, metadata per operation, a 32-digit hex id in half
/// of the events, the spacing of Python's json.dumps, times in microseconds that go up with jitter;
/// about 256 bytes each. One thread at a time.
class CorpusGenerator {
 public:
  explicit CorpusGenerator(CorpusOptions options);
  ~CorpusGenerator();
  CorpusGenerator(CorpusGenerator&&) noexcept;
  CorpusGenerator& operator=(CorpusGenerator&&) noexcept;

  /// Appends the next event, ended by LF.
  void append_line(std::string& out);

  /// Appends the next `count` events.
  void append_lines(std::string& out, std::uint64_t count);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tally::bench
