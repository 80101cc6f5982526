#include "shipper/letter_replay.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "shipper/dead_letters.h"

namespace tally::shipper {
namespace {

constexpr std::chrono::milliseconds kWait{500};
constexpr std::size_t kChunkBytes = 256 * 1024;

}  // namespace

LetterReplay::LetterReplay(ShipperParts& parts)
    : parts_(&parts),
      dead_(parts.paths.cursors() / (parts.options.name + ".dead")),
      replaying_(parts.paths.cursors() / (parts.options.name + ".replaying")) {}

Result<bool> LetterReplay::prepare() {
  TALLY_TRY(bool any, parts_->files->exists(replaying_));
  if (any && !parts_->options.has_dead_letters) {
    spdlog::warn(replaying_.string() + " stays: a sink of this kind sends no dead letters");
    return false;
  }
  if (!any) {
    TALLY_TRY(any, take_over());
  }
  if (any) {
    TALLY_TRY(read());
  }
  return any;
}

/// The order goes when the file has its new name for good. False: there is none, or nothing to do.
Result<bool> LetterReplay::take_over() {
  TALLY_TRY(const bool ordered, parts_->orders.replay());
  if (!ordered) return false;
  bool taken = false;
  if (parts_->options.has_dead_letters) {
    const auto renamed = parts_->files->rename(dead_, replaying_);
    if (!renamed && renamed.error().code != Errc::not_found) return renamed.error();
    taken = bool(renamed);
  } else {
    spdlog::warn("sink " + parts_->options.name + ": a sink of this kind has no dead letters");
  }
  TALLY_TRY(parts_->files->sync_directory(parts_->paths.cursors()));
  TALLY_TRY(parts_->orders.replay_done());
  return taken;
}

Result<void> LetterReplay::read() {
  letters_.clear();
  damaged_.clear();
  TALLY_TRY(auto lines, read_letter_lines(*parts_->files, replaying_));
  for (std::string& line : lines) {
    if (auto letter = read_letter(line)) {
      letters_.push_back(std::move(*letter));
    } else {
      damaged_.push_back(std::move(line));
    }
  }
  std::ranges::stable_sort(letters_, {}, &DeadLetter::sequence);
  const auto same = [](const DeadLetter& a, const DeadLetter& b) {
    return a.sequence == b.sequence;
  };
  letters_.erase(std::unique(letters_.begin(), letters_.end(), same), letters_.end());
  return ok();
}

Result<bool> LetterReplay::run(Sink& sink, const std::function<Result<bool>()>& ended) {
  if (letters_.empty()) return true;
  spdlog::info("sink " + parts_->options.name + ": sends " + std::to_string(letters_.size()) +
               " dead letters once more");
  TALLY_TRY(const auto from,
            sink.begin({letters_.front().sequence, std::string(store::kRewoundNote)}));
  arrived_ = from.next;
  for (std::size_t at = 0; at < letters_.size();) {
    const Gathered gathered = gather(at);
    const store::Chunk chunk{
        letters_[at].sequence, gathered.count,
        std::string_view(gathered.lines).substr(0, gathered.lines.size() - store::kChunkPadding),
        gathered.runs};
    TALLY_TRY(const bool took, offer(sink, chunk, ended));
    if (!took) return false;
    at += gathered.count;
  }
  TALLY_TRY(sink.flush());
  while (arrived_ <= letters_.back().sequence) {
    TALLY_TRY(const bool over, ended());
    if (over) return false;
    TALLY_TRY(take_progress(sink));
  }
  spdlog::info("sink " + parts_->options.name + ": of these, " + std::to_string(sink.stats().dead) +
               " are refused again");
  return true;
}

LetterReplay::Gathered LetterReplay::gather(std::size_t begin) const {
  Gathered gathered;
  for (std::size_t i = begin; i < letters_.size(); ++i) {
    const DeadLetter& letter = letters_[i];
    const bool apart = letter.sequence != advance(letters_[begin].sequence, i - begin);
    if (apart || gathered.lines.size() >= kChunkBytes) break;
    gathered.lines += letter.line;
    gathered.lines += '\n';
    Run run;
    run.count = 1;
    run.received = letter.received;
    gathered.runs.push_back(std::move(run));
    ++gathered.count;
  }
  gathered.lines.append(store::kChunkPadding, '\0');
  return gathered;
}

/// False: it was not taken, since there is something else to do.
Result<bool> LetterReplay::offer(Sink& sink, const store::Chunk& chunk,
                                 const std::function<Result<bool>()>& ended) {
  while (true) {
    TALLY_TRY(const bool over, ended());
    if (over) return false;
    TALLY_TRY(const bool took, sink.take(chunk));
    if (took) return true;
    TALLY_TRY(take_progress(sink));
  }
}

Result<void> LetterReplay::take_progress(Sink& sink) {
  TALLY_TRY(const auto state, sink.progress(kWait));
  if (state) arrived_ = state->next;
  return ok();
}

Result<void> LetterReplay::finish() {
  if (!damaged_.empty()) {
    spdlog::error("sink " + parts_->options.name + ": " + std::to_string(damaged_.size()) +
                  " dead letters are damaged and cannot be sent: they stay in " + dead_.string());
    TALLY_TRY(auto letters, DeadLetters::open(*parts_->files, *parts_->clock, parts_->paths,
                                              parts_->options.name));
    for (const std::string& line : damaged_) {
      TALLY_TRY(letters.keep(line));
    }
    TALLY_TRY(letters.sync());
  }
  TALLY_TRY(parts_->files->remove(replaying_));
  return parts_->files->sync_directory(parts_->paths.cursors());
}

}  // namespace tally::shipper
