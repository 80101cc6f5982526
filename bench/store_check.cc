#include "bench/store_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "store/cursor.h"
#include "store/disk/posix_file_system.h"

namespace tally::bench {
namespace {

Error wrong(std::uint64_t sequence, std::string_view what) {
  return Error{Errc::corruption, fmt::format("sequence {}: {}", sequence, what)};
}

std::string_view first_line(std::string_view lines) {
  return lines.substr(0, lines.find('\n') + 1);
}

// Holds the lines of a store, in order, against the bodies that were posted.
class Comparison {
 public:
  Comparison(const std::vector<PostedBody>& bodies, std::vector<Acknowledged> acknowledged)
      : bodies_(bodies), acknowledged_(std::move(acknowledged)) {
    std::sort(
        acknowledged_.begin(), acknowledged_.end(),
        [](const Acknowledged& a, const Acknowledged& b) { return a.first_seq < b.first_seq; });
    for (std::size_t i = 0; i < bodies.size(); ++i) by_first_line_[first_line(bodies[i].lines)] = i;
    findings_.survivors_by_body.resize(bodies.size());
  }

  Result<void> take(const store::Chunk& chunk) {
    if (to_number(chunk.first) != findings_.events + 1) {
      return wrong(to_number(chunk.first), fmt::format("follows {}: not dense", findings_.events));
    }
    for (std::string_view lines = chunk.lines; !lines.empty();) {
      if (expected_.empty()) {
        TALLY_TRY(expect_next(lines));
      }
      const std::size_t size = std::min(lines.size(), expected_.size());
      if (lines.substr(0, size) != expected_.substr(0, size)) {
        return wrong(body_first_seq_,
                     "the request that begins here is not byte for byte what was "
                     "posted, or not whole");
      }
      lines.remove_prefix(size);
      expected_.remove_prefix(size);
    }
    findings_.events += chunk.count;
    return ok();
  }

  Result<StoreFindings> finish() {
    if (!expected_.empty()) return wrong(body_first_seq_, "the request is cut off at the end");
    if (next_acknowledged_ != acknowledged_.size()) {
      return wrong(acknowledged_[next_acknowledged_].first_seq, "acknowledged, and lost");
    }
    if (next_body_seq_ != findings_.events + 1) {
      return wrong(findings_.events, "counts of events and lines differ");
    }
    return std::move(findings_);
  }

 private:
  // Which body the next line begins: the one that was acknowledged at this sequence, else one that
  // was posted and not answered.
  Result<void> expect_next(std::string_view lines) {
    body_first_seq_ = next_body_seq_;
    const bool acknowledged_here = next_acknowledged_ < acknowledged_.size() &&
                                   acknowledged_[next_acknowledged_].first_seq <= body_first_seq_;
    std::size_t body = 0;
    if (acknowledged_here) {
      if (acknowledged_[next_acknowledged_].first_seq != body_first_seq_) {
        return wrong(body_first_seq_, "acknowledged, and overlaid by another request");
      }
      body = acknowledged_[next_acknowledged_++].body;
      findings_.acknowledged_requests += 1;
      findings_.acknowledged_events += bodies_[body].events;
    } else {
      const auto it = by_first_line_.find(first_line(lines));
      if (it == by_first_line_.end()) return wrong(body_first_seq_, "not the start of a request");
      body = it->second;
      findings_.survivors += 1;
      findings_.survivor_events += bodies_[body].events;
      findings_.survivors_by_body[body] += 1;
    }
    expected_ = bodies_[body].lines;
    next_body_seq_ += bodies_[body].events;
    return ok();
  }

  const std::vector<PostedBody>& bodies_;
  std::vector<Acknowledged> acknowledged_;
  std::unordered_map<std::string_view, std::size_t> by_first_line_;

  StoreFindings findings_;
  std::size_t next_acknowledged_ = 0;
  std::string_view expected_;         // what is missing of the body under way
  std::uint64_t body_first_seq_ = 0;  // of the body under way
  std::uint64_t next_body_seq_ = 1;
};

}  // namespace

Result<StoreFindings> check_store(const std::filesystem::path& directory,
                                  const std::vector<PostedBody>& bodies,
                                  std::vector<Acknowledged> acknowledged) {
  store::PosixFileSystem files;
  TALLY_TRY(auto cursor, store::Cursor::open(files, directory));
  Comparison comparison(bodies, std::move(acknowledged));
  for (;;) {
    TALLY_TRY(auto chunk, cursor.next());
    if (!chunk) break;
    TALLY_TRY(comparison.take(*chunk));
  }
  if (!cursor.corrupt().empty()) return wrong(0, "the cursor reports corruption");
  return comparison.finish();
}

}  // namespace tally::bench
