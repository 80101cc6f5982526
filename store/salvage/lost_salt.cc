#include "store/salvage/lost_salt.h"

#include <algorithm>
#include <map>
#include <string>

#include "store/disk/crc32c.h"
#include "store/disk/field_codec.h"
#include "store/journal/commit_header.h"
#include "store/journal/journal_format.h"
#include "store/salvage/salvage_findings.h"

namespace tally::store {
namespace {

constexpr std::uint32_t kPolynomial = 0x82F63B78;
constexpr std::size_t kPieceBytes = 64 * 1024;
constexpr std::size_t kPrefixCovered = kCommitPrefixBytes - kCrcBytes;
/// So many headers that agree are enough.
constexpr std::uint32_t kVotes = 16;
/// Different seeds that are counted: of a file that was written, all headers have the same.
constexpr std::size_t kSeedsMax = 1024;

/// What the register was before `bytes` went through it.
std::uint32_t backwards(std::uint32_t state, std::string_view bytes) noexcept {
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte) {
    for (int bit = 0; bit < 8; ++bit) {
      const bool folded = (state & 0x80000000U) != 0;
      state = folded ? ((state ^ kPolynomial) << 1U) | 1U : state << 1U;
    }
    state ^= static_cast<std::uint8_t>(*byte);
  }
  return state;
}

/// Counts which seed the commit headers of a file speak for.
class SeedVote {
 public:
  SeedVote(File& file, std::uint64_t file_bytes) : file_(&file), file_bytes_(file_bytes) {}

  Result<std::optional<std::uint64_t>> run() {
    std::uint64_t at = 0;
    while (leader_ < kVotes && effort_ <= kSalvageEffort * file_bytes_) {
      TALLY_TRY(const auto magic, find_magic(at));
      if (!magic) break;
      TALLY_TRY(const std::size_t header, look_at(*magic));
      // What stands within a header was not written as one: it may be a refused event's.
      at = *magic + std::max<std::size_t>(header, 1);
    }
    if (votes_.empty()) return std::optional<std::uint64_t>();
    const auto winner = std::ranges::max_element(
        votes_, {}, [](const auto& vote) -> std::uint32_t { return vote.second; });
    return std::optional(salt_of_seed(winner->first));
  }

 private:
  Result<std::optional<std::uint64_t>> find_magic(std::uint64_t from);
  Result<std::size_t> look_at(std::uint64_t offset);

  File* file_;
  std::uint64_t file_bytes_;
  std::uint64_t effort_ = 0;
  std::uint32_t leader_ = 0;
  std::map<std::uint32_t, std::uint32_t> votes_;
  std::string piece_;
  std::string header_;
};

Result<std::optional<std::uint64_t>> SeedVote::find_magic(std::uint64_t from) {
  std::string magic;
  put_fixed32(magic, kCommitMagic);
  while (from < file_bytes_) {
    piece_.resize(kPieceBytes);
    TALLY_TRY(const std::size_t read, file_->read_at(from, piece_));
    effort_ += read;
    const std::size_t at = std::string_view(piece_).substr(0, read).find(magic);
    if (at != std::string_view::npos) return std::optional(from + at);
    if (read < kPieceBytes) break;
    from += read - (magic.size() - 1);
  }
  return std::optional<std::uint64_t>();
}

/// The length of the header at `offset`, which has then voted; 0: there is none. The CRC of its
/// body goes on from the CRC of its prefix as it stands there, so it can be checked without the
/// salt; the prefix then tells the seed.
Result<std::size_t> SeedVote::look_at(std::uint64_t offset) {
  header_.resize(kCommitPrefixBytes);
  TALLY_TRY(const std::size_t prefix, file_->read_at(offset, header_));
  if (prefix < kCommitPrefixBytes) return 0;
  const std::string_view covered = std::string_view(header_).substr(0, kPrefixCovered);
  const std::uint32_t crc = get_fixed32(header_.data() + kPrefixCovered);
  const std::uint32_t seed = crc32c_seed_of(covered, crc);
  const auto lengths = decode_commit_prefix(header_, salt_of_seed(seed));
  if (!lengths || lengths.value().header_bytes > file_bytes_ - offset) return 0;
  const std::size_t bytes = lengths.value().header_bytes;
  effort_ += bytes;
  header_.resize(bytes);
  TALLY_TRY(const std::size_t read, file_->read_at(offset, header_));
  if (read < bytes) return 0;
  const std::size_t body_bytes = bytes - kCommitPrefixBytes - kCrcBytes;
  const auto body = std::string_view(header_).substr(kCommitPrefixBytes, body_bytes);
  if (crc32c(body, crc) != get_fixed32(body.data() + body.size())) return 0;
  if (votes_.size() < kSeedsMax || votes_.contains(seed))
    leader_ = std::max(leader_, ++votes_[seed]);
  return bytes;
}

}  // namespace

std::uint32_t crc32c_seed_of(std::string_view bytes, std::uint32_t crc) noexcept {
  return ~backwards(~crc, bytes);
}

/// The register is 32 bits wide, so the four bytes of the salt that are put in last can bring it to
/// any value from where the first four (zeros) left it.
std::uint64_t salt_of_seed(std::uint32_t seed) noexcept {
  constexpr std::string_view kZeros("\0\0\0\0", 4);
  const std::uint32_t from = ~crc32c(kZeros);
  const std::uint32_t to = backwards(~seed, kZeros);
  return static_cast<std::uint64_t>(from ^ to) << 32U;
}

Result<std::optional<std::uint64_t>> find_lost_salt(File& file) {
  TALLY_TRY(const std::uint64_t file_bytes, file.size());
  return SeedVote(file, file_bytes).run();
}

}  // namespace tally::store
