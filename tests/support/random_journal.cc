#include "tests/support/random_journal.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace tally::tests {

using namespace store;

FileHeader RandomJournal::file_header() {
  FileHeader header;
  for (std::uint8_t& byte : header.store.bytes) byte = static_cast<std::uint8_t>(below(256));
  header.number = number();
  header.first = Sequence{std::max<std::uint64_t>(1, number())};
  header.previous_core = hash();
  header.salt = number();
  header.created = time();
  header.last_received = time();
  for (std::uint64_t i = below(5); i > 0; --i) header.checkpoints.push_back(checkpoint());
  return header;
}

CommitHeader RandomJournal::commit_header() {
  CommitHeader header;
  header.first = Sequence{1 + number() / 2};
  header.previous_core = hash();
  std::uint32_t events = 0;
  for (std::uint64_t i = below(5); i > 0; --i) {
    const auto count = static_cast<std::uint32_t>(1 + below(1000));
    header.frames.push_back({count, count + static_cast<std::uint32_t>(below(100'000)), hash()});
    header.stored.push_back(
        {static_cast<std::uint32_t>(1 + below(100'000)), static_cast<std::uint32_t>(number())});
    events += count;
  }
  for (std::uint32_t left = events; left > 0;) {
    const auto count = static_cast<std::uint32_t>(1 + below(left));
    header.runs.push_back(run(count));
    left -= count;
  }
  for (std::uint64_t i = below(4); i > 0; --i) header.checkpoints.push_back(checkpoint());
  for (std::uint64_t i = below(4); i > 0; --i) {
    const auto first = static_cast<std::uint32_t>(below(events + 1));
    header.keys.push_back({text(20), hash(), hash(), time(), first,
                           static_cast<std::uint32_t>(below(events - first + 1))});
  }
  for (std::uint64_t i = below(4); i > 0; --i) header.refused.push_back(refused());
  return header;
}

std::uint64_t RandomJournal::number() { return random_() >> below(64); }

std::uint64_t RandomJournal::below(std::uint64_t end) { return random_() % end; }

UtcTime RandomJournal::time() {
  const auto ticks = static_cast<std::int64_t>(number());
  return UtcTime{std::chrono::nanoseconds{below(2) == 0 ? ticks : -(ticks / 2)}};
}

Sha256 RandomJournal::hash() {
  Sha256 hash;
  for (std::byte& byte : hash) byte = static_cast<std::byte>(below(256));
  return hash;
}

std::string RandomJournal::text(std::size_t max) {
  std::string text(below(max + 1), '\0');
  for (char& byte : text) byte = static_cast<char>(below(256));
  return text;
}

Run RandomJournal::run(std::uint32_t count) {
  static const std::string kNames[] = {"", "127.0.0.1", "/var/log/a.jsonl"};
  return {.count = count,
          .received = time(),
          .kind = static_cast<SourceKind>(1 + below(4)),
          .line_end = static_cast<std::uint8_t>(below(3)),
          .offset = number(),
          .source = below(2) == 0 ? kNames[below(3)] : text(40),
          .client = kNames[below(3)]};
}

SourceCheckpoint RandomJournal::checkpoint() { return {text(50), text(300)}; }

RefusedEvent RandomJournal::refused() {
  RefusedEvent event;
  event.reason = text(80);
  event.received = time();
  event.kind = static_cast<SourceKind>(1 + below(4));
  event.offset = number();
  event.source = text(30);
  event.client = text(10);
  event.bytes = text(2000);
  event.length = event.bytes.size();
  if (below(2) == 0) {
    event.length += 1 + number() / 2;
    event.sha256 = hash();
  }
  return event;
}

}  // namespace tally::tests
