#include "store/salvage/rejected_salvage.h"

#include <algorithm>
#include <string>
#include <utility>

#include "store/disk/crc_record.h"
#include "store/rejected/refused_codec.h"
#include "store/rejected/rejected_pack.h"

namespace tally::store {
namespace {

/// The type of a pack's first field, its client: what a search looks for before it computes CRCs.
constexpr char kFirstField = 0x01;
constexpr std::size_t kCandidateBytes = kRecordPrefixBytes + 1;
constexpr std::size_t kPieceBytes = 64 * 1024;

/// The salvage of one file.
class RejectedSalvage {
 public:
  RejectedSalvage(File& file, const SalvageOutlet& outlet) : file_(&file), outlet_(outlet) {}

  Result<SalvageFindings> run() {
    TALLY_TRY(file_bytes_, file_->size());
    TALLY_TRY(read_header());
    std::uint64_t at = std::min<std::uint64_t>(kRejectedHeaderBytes, file_bytes_);
    while (at < file_bytes_) {
      TALLY_TRY(const std::size_t pack, give_pack(at));
      if (pack == 0) {
        TALLY_TRY(at, pass_over(at));
      }
      at += pack;
    }
    return std::move(findings_);
  }

 private:
  Result<void> read_header();
  Result<std::size_t> give_pack(std::uint64_t offset);
  Result<std::uint64_t> pass_over(std::uint64_t bad);
  Result<std::uint64_t> next_candidate(std::uint64_t from);
  Result<std::size_t> read_record(std::uint64_t offset);

  File* file_;
  const SalvageOutlet& outlet_;
  std::uint64_t file_bytes_ = 0;
  std::uint64_t effort_ = 0;
  SalvageFindings findings_;
  std::string record_;
  std::string piece_;  ///< of the file from piece_offset_ on: what is searched
  std::uint64_t piece_offset_ = 0;
};

Result<void> RejectedSalvage::read_header() {
  std::string bytes(kRejectedHeaderBytes, '\0');
  TALLY_TRY(const std::size_t read, file_->read_at(0, bytes));
  const auto header = decode_rejected_header(std::string_view(bytes).substr(0, read));
  if (header) {
    findings_.store = header.value().store;
    findings_.number = header.value().number;
  } else {
    findings_.note(0, read, header.error().context, read == kRejectedHeaderBytes);
  }
  return ok();
}

/// Reads the record at `offset` into record_; its length, 0: there is no good one.
Result<std::size_t> RejectedSalvage::read_record(std::uint64_t offset) {
  record_.resize(kCandidateBytes);
  TALLY_TRY(const std::size_t prefix, file_->read_at(offset, record_));
  const auto bytes =
      record_bytes(std::string_view(record_).substr(0, prefix), kRejectedBodyBytesMax);
  if (prefix < record_.size() || !bytes || *bytes > file_bytes_ - offset ||
      record_.back() != kFirstField) {
    return 0;
  }
  record_.resize(*bytes);
  effort_ += *bytes;
  TALLY_TRY(const std::size_t read, file_->read_at(offset, record_));
  record_.resize(read);
  return record_body(record_, kRejectedBodyBytesMax) ? *bytes : 0;
}

/// The length of the pack at `offset`, whose events have been given; 0: there is no good one.
Result<std::size_t> RejectedSalvage::give_pack(std::uint64_t offset) {
  TALLY_TRY(const std::size_t bytes, read_record(offset));
  if (bytes == 0) return 0;
  const auto pack = decode_rejected_pack(record_);
  const auto events =
      pack ? unpack_refused(pack.value().frame) : Result<std::vector<RefusedEvent>>(pack.error());
  if (!events) {
    findings_.note(offset, bytes, events.error().context);
  } else {
    TALLY_TRY(outlet_.refused({events.value(), Sequence{0}}));
  }
  return bytes;
}

/// The offset of the first good record behind `bad`, or of the file's end.
Result<std::uint64_t> RejectedSalvage::pass_over(std::uint64_t bad) {
  std::string reason = "no pack that matches its CRC";
  std::uint64_t at = bad + 1;
  while (at < file_bytes_) {
    TALLY_TRY(at, next_candidate(at));
    if (at == file_bytes_) break;
    TALLY_TRY(const std::size_t bytes, read_record(at));
    if (bytes > 0) break;
    if (effort_ > kSalvageEffort * file_bytes_) {
      at = file_bytes_;
      reason = "gave up the search: too many packs that only begin well";
      break;
    }
    ++at;
  }
  findings_.note(bad, at - bad, std::move(reason));
  return at;
}

/// The first offset from `from` on at which a record may begin, or the file's end.
Result<std::uint64_t> RejectedSalvage::next_candidate(std::uint64_t from) {
  while (from < file_bytes_) {
    const bool held =
        from >= piece_offset_ && from + kCandidateBytes <= piece_offset_ + piece_.size();
    if (!held) {
      piece_.resize(kPieceBytes);
      piece_offset_ = from;
      TALLY_TRY(const std::size_t read, file_->read_at(from, piece_));
      piece_.resize(read);
      if (read < kCandidateBytes) return file_bytes_;
    }
    for (std::size_t i = from - piece_offset_; i + kCandidateBytes <= piece_.size(); ++i, ++from) {
      if (piece_[i + kRecordPrefixBytes] != kFirstField) continue;
      const auto bytes = record_bytes(std::string_view(piece_).substr(i), kRejectedBodyBytesMax);
      if (bytes && *bytes <= file_bytes_ - from) return from;
    }
  }
  return file_bytes_;
}

}  // namespace

Result<SalvageFindings> salvage_rejected(File& file, const SalvageOutlet& outlet) {
  return RejectedSalvage(file, outlet).run();
}

}  // namespace tally::store
