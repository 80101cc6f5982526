#include "store/journal/commit_header.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "model/check.h"
#include "store/disk/field_codec.h"
#include "store/disk/sha256.h"
#include "store/journal/commit_attachments.h"
#include "store/journal/commit_budget.h"
#include "store/journal/commit_core.h"
#include "store/journal/journal_format.h"
#include "store/rejected/refused_codec.h"

namespace tally::store {
namespace {

constexpr std::size_t kPrefixCovered = kCommitPrefixBytes - kCrcBytes;

Error corrupt(const char* what) {
  return {Errc::corruption, std::string("commit header: ") + what};
}

template <class Counted>
std::uint64_t total(const std::vector<Counted>& parts) noexcept {
  return std::accumulate(parts.begin(), parts.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Counted& part) { return sum + part.count; });
}

/// Whether the parts of a header agree with one another; what the type's invariants say.
bool consistent(const CommitHeader& header) noexcept {
  const std::uint64_t events = total(header.frames);
  const bool keys_within =
      std::all_of(header.keys.begin(), header.keys.end(), [events](const IdempotencyKey& key) {
        return std::uint64_t{key.first_event} + key.count <= events;
      });
  return header.first >= kFirstSequence && events <= kCommitEventsMax &&
         to_number(header.first) <= ~std::uint64_t{0} - events && total(header.runs) == events &&
         header.stored.size() == header.frames.size() && keys_within;
}

std::string prefix(std::size_t header_bytes, std::size_t core_bytes) {
  std::string out;
  put_fixed32(out, kCommitMagic);
  put_fixed32(out, static_cast<std::uint32_t>(header_bytes - kSkippableBytes));
  out += kCommitTag;
  out.push_back(static_cast<char>(kJournalVersion));
  put_fixed32(out, static_cast<std::uint32_t>(core_bytes));
  return out;
}

}  // namespace

std::uint64_t event_count(const CommitHeader& header) noexcept { return total(header.runs); }

std::uint64_t data_bytes(const CommitHeader& header) noexcept {
  std::uint64_t bytes = 0;
  for (const StoredFrame& frame : header.stored) bytes += frame.bytes;
  return bytes;
}

struct CommitEncoder::State {
  RefusedPacker packer;
  std::string out;
};

CommitEncoder::CommitEncoder() : state_(std::make_unique<State>()) {}
CommitEncoder::~CommitEncoder() = default;
CommitEncoder::CommitEncoder(CommitEncoder&&) noexcept = default;
CommitEncoder& CommitEncoder::operator=(CommitEncoder&&) noexcept = default;

Result<EncodedCommit> CommitEncoder::encode(const CommitHeader& header, std::uint64_t salt) {
  TALLY_CHECK(consistent(header));
  if (!CommitBudget().add(header)) {
    return Error{Errc::too_large, "more than one commit of the journal can hold"};
  }
  std::string& out = state_->out;
  out.assign(kCommitPrefixBytes, '\0');
  put_core(out, header);
  const std::size_t core_bytes = out.size() - kCommitPrefixBytes;
  put_attachments(out, header, state_->packer);
  TALLY_CHECK(out.size() + kCrcBytes <= kCommitHeaderBytesMax);

  std::string front = prefix(out.size() + kCrcBytes, core_bytes);
  const std::uint32_t prefix_crc = crc32c(front, crc_seed(salt));
  put_fixed32(front, prefix_crc);
  out.replace(0, front.size(), front);
  // The body's CRC goes on from the prefix's value, and leaves the bytes of that value out: a CRC
  // over data that ends in its own CRC comes to the same whatever the data and the salt are.
  const std::string_view body = std::string_view(out).substr(kCommitPrefixBytes);
  const Sha256 core_hash = sha256_of(body.substr(0, core_bytes));
  put_fixed32(out, crc32c(body, prefix_crc));
  return EncodedCommit{out, core_hash};
}

Result<CommitPrefix> decode_commit_prefix(std::string_view bytes, std::uint64_t salt) {
  if (bytes.size() < kCommitPrefixBytes || get_fixed32(bytes.data()) != kCommitMagic ||
      bytes.substr(kSkippableBytes, kCommitTag.size()) != kCommitTag) {
    return corrupt("there is none");
  }
  CommitPrefix prefix;
  prefix.crc = crc32c(bytes.substr(0, kPrefixCovered), crc_seed(salt));
  if (prefix.crc != get_fixed32(bytes.data() + kPrefixCovered)) {
    return corrupt("the prefix does not match its CRC");
  }
  // Only now: a damaged version byte is damage, not a newer version.
  if (static_cast<std::uint8_t>(bytes[kSkippableBytes + kCommitTag.size()]) != kJournalVersion) {
    return Error{Errc::unsupported, "commit header of another version of the format"};
  }
  prefix.header_bytes = kSkippableBytes + get_fixed32(bytes.data() + 4);
  prefix.core_bytes = get_fixed32(bytes.data() + kSkippableBytes + 4);
  if (prefix.header_bytes > kCommitHeaderBytesMax ||
      prefix.header_bytes < kCommitPrefixBytes + kCrcBytes ||
      prefix.core_bytes > prefix.header_bytes - kCommitPrefixBytes - kCrcBytes) {
    return corrupt("impossible length");
  }
  return prefix;
}

Result<DecodedCommit> CommitDecoder::decode(std::string_view bytes, std::uint64_t salt) const {
  TALLY_TRY(const CommitPrefix prefix, decode_commit_prefix(bytes, salt));
  if (prefix.header_bytes != bytes.size()) return corrupt("cut short");
  const std::string_view body =
      bytes.substr(kCommitPrefixBytes, bytes.size() - kCommitPrefixBytes - kCrcBytes);
  if (crc32c(body, prefix.crc) != get_fixed32(body.data() + body.size())) {
    return corrupt("it does not match its CRC");
  }
  const std::string_view core = body.substr(0, prefix.core_bytes);
  DecodedCommit commit;
  TALLY_TRY(read_core(core, commit.header));
  TALLY_TRY(read_attachments(body.substr(core.size()), keep_refused_, commit.header));
  if (!consistent(commit.header)) return corrupt("its parts do not agree");
  commit.core_hash = sha256_of(core);
  return commit;
}

}  // namespace tally::store
