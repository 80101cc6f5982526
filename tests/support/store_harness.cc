#include "tests/support/store_harness.h"

#include <future>
#include <iterator>

#include "model/time.h"
#include "store/journal/frame_encoder.h"
#include "store/rejected/refused_walk.h"

namespace tally::tests {

namespace {

std::string line_of(std::uint64_t number, const std::string& timestamp) {
  return R"({"timestamp": ")" + timestamp +
         R"(", "service": "container-engine", "operation": "list", "container": null, )"
         R"("success": true, "error": null, "metadata": {"count": )" +
         std::to_string(number) + "}}";
}

}  // namespace

std::string event_line(std::uint64_t number) {
  return line_of(number, "2026-01-23T21:55:09.592561+00:00");
}

std::string timed_event_line(std::uint64_t number, UtcTime time) {
  return line_of(number, format_rfc3339(time));
}

store::Batch make_batch(const std::vector<std::string>& lines, UtcTime received) {
  store::Batch batch;
  if (lines.empty()) return batch;
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  const auto count = static_cast<std::uint32_t>(lines.size());
  batch.frames.push_back(store::FrameEncoder().encode(text, count));
  Run run;
  run.count = count;
  run.received = received;
  run.source = "127.0.0.1";
  batch.runs.push_back(run);
  return batch;
}

std::vector<std::string> split_lines(std::string_view lines) {
  std::vector<std::string> out;
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    out.emplace_back(lines.substr(0, end));
    lines.remove_prefix(end + 1);
  }
  return out;
}

Result<StoreContents> read_store(store::FileSystem& files, const store::Path& directory,
                                 Sequence from) {
  StoreContents contents;
  TALLY_TRY(auto cursor, store::Cursor::open(files, directory, from));
  Sequence expected = from;
  while (true) {
    TALLY_TRY(const auto chunk, cursor.next());
    if (!chunk) break;
    if (chunk->first != expected && cursor.corrupt().empty()) {
      return Error{Errc::corruption, "sequence " + std::to_string(to_number(chunk->first)) +
                                         " where " + std::to_string(to_number(expected)) +
                                         " should be"};
    }
    auto lines = split_lines(chunk->lines);
    if (lines.size() != chunk->count) return Error{Errc::corruption, "lines and count differ"};
    expected = advance(chunk->first, chunk->count);
    std::move(lines.begin(), lines.end(), std::back_inserter(contents.lines));
    contents.runs.insert(contents.runs.end(), chunk->runs.begin(), chunk->runs.end());
  }
  contents.corrupt = cursor.corrupt();
  TALLY_TRY(auto refused, store::RefusedWalk::open(files, directory));
  while (true) {
    TALLY_TRY(auto events, refused.next());
    if (!events) break;
    std::move(events->begin(), events->end(), std::back_inserter(contents.refused));
  }
  contents.next = cursor.position();
  return contents;
}

store::CommitResult submit_and_wait(store::Store& store, store::Batch batch) {
  std::promise<store::CommitResult> answered;
  store.submit(std::move(batch),
               [&](const store::CommitResult& result) { answered.set_value(result); });
  return answered.get_future().get();
}

}  // namespace tally::tests
