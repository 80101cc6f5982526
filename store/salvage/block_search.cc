#include "store/salvage/block_search.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "store/disk/crc32c.h"
#include "store/disk/sha256.h"
#include "store/segment/padded_read.h"
#include "store/segment/segment_format.h"
#include "store/segment/segment_section.h"

namespace tally::store {
namespace {

constexpr std::size_t kPieceBytes = 64 * 1024;
/// More than any segment has: a block is closed by its events or its bytes, not at will.
constexpr std::size_t kBlocksMax = 64 * 1024;

/// The search in one file.
class BlockSearch {
 public:
  BlockSearch(File& file, SalvageFindings& findings) : file_(&file), findings_(findings) {}

  Result<FoundSegment> run() {
    TALLY_TRY(file_bytes_, file_->size());
    limit_ = file_bytes_;
    TALLY_TRY(read_header());
    TALLY_TRY(const auto footer, read_footer());
    if (footer) {
      TALLY_TRY(take_directory(*footer));
    }
    if (!found_.footer) {
      TALLY_TRY(walk(true));
      found_.blocks = std::move(walked_);
      vouch_by_chain();
      findings_.end_in_doubt = true;
    }
    if (!found_.blocks.empty()) found_.blocks_end = found_.blocks.back().end();
    return std::move(found_);
  }

 private:
  Result<void> read_header();
  Result<std::optional<SegmentFooter>> read_footer();
  Result<void> take_directory(const SegmentFooter& footer);
  Result<void> place(FoundBlock& block, const std::string& section);
  Result<void> walk(bool note_gaps);
  void note_gaps_between_blocks();
  Result<bool> settle(FoundBlock& block);
  Result<bool> begins_at(const FoundBlock& block, std::uint64_t offset);
  Result<std::optional<FoundBlock>> block_at(std::uint64_t offset);
  Result<std::optional<FoundBlock>> next_block(std::uint64_t from);
  Result<std::optional<std::uint64_t>> find_tag(std::uint64_t from);
  void vouch_by_chain();
  Result<std::string> read(std::uint64_t offset, std::size_t bytes);

  File* file_;
  SalvageFindings& findings_;
  std::uint64_t file_bytes_ = 0;
  std::uint64_t limit_ = 0;  ///< where blocks can be: up to the footer, if it is good
  std::uint64_t effort_ = 0;
  FoundSegment found_;
  std::uint64_t header_bytes_ = 0;  ///< 0: there is no good header
  Sha256 header_sha256_{};
  bool has_walked_ = false;
  std::vector<FoundBlock> walked_;
};

Result<std::string> BlockSearch::read(std::uint64_t offset, std::size_t bytes) {
  std::string into(bytes, '\0');
  TALLY_TRY(const std::size_t got, file_->read_at(offset, into));
  into.resize(got);
  return into;
}

Result<void> BlockSearch::read_header() {
  constexpr std::size_t kHeaderMax = 4 * 1024;
  TALLY_TRY(std::string bytes, read(0, kHeaderMax));
  const auto length = section_bytes(bytes, kSegmentTag, bytes.size());
  if (length) bytes.resize(length.value());
  const auto identity =
      length ? decode_segment_header(bytes) : Result<SegmentIdentity>(length.error());
  if (!identity) return ok();
  found_.identity = identity.value();
  header_bytes_ = bytes.size();
  header_sha256_ = sha256_of(bytes);
  return ok();
}

/// Nothing: it is damaged or gone, which is noted.
Result<std::optional<SegmentFooter>> BlockSearch::read_footer() {
  const std::uint64_t trailer_at =
      file_bytes_ - std::min<std::uint64_t>(file_bytes_, kTrailerBytes);
  TALLY_TRY(const std::string trailer, read(trailer_at, kTrailerBytes));
  auto bytes = decode_trailer(trailer);
  if (bytes && bytes.value() > trailer_at) bytes = Error{Errc::corruption, "footer is cut short"};
  if (!bytes) {
    findings_.note(trailer_at, file_bytes_ - trailer_at, bytes.error().context);
    return std::optional<SegmentFooter>();
  }
  const std::uint64_t offset = trailer_at - bytes.value();
  TALLY_TRY(const PaddedBytes section, read_padded(*file_, offset, bytes.value()));
  auto footer = FooterCodec().decode(section.view());
  if (footer) {
    limit_ = offset;
    return std::optional(std::move(footer).value());
  }
  findings_.note(offset, bytes.value(), footer.error().context);
  return std::optional<SegmentFooter>();
}

/// The footer's copies of the headers count; a block's own copy is looked at to see that it stands
/// where it should, which it does not where bytes are missing from the file.
Result<void> BlockSearch::take_directory(const SegmentFooter& footer) {
  const std::size_t header_bytes = encode_segment_header(footer.identity).size();
  if (header_bytes_ == 0) {
    findings_.note(0, header_bytes, "the segment's header is damaged; its footer says the same",
                   true);
  }
  std::uint64_t offset = header_bytes;
  for (const std::string& section : footer.blocks) {
    auto header = read_block_header(section);
    if (!header) {
      findings_.note(offset, 0, "footer: " + header.error().context);
      return ok();
    }
    FoundBlock block{.header = std::move(header).value(),
                     .offset = offset,
                     .parts_offset = offset + section.size(),
                     .section_sha256 = sha256_of(section),
                     .vouched_for = true};
    offset = block.end();
    TALLY_TRY(place(block, section));
    found_.blocks.push_back(std::move(block));
  }
  found_.identity = footer.identity;
  found_.footer = footer;
  return ok();
}

Result<void> BlockSearch::place(FoundBlock& block, const std::string& section) {
  TALLY_TRY(const std::string own, read(block.offset, section.size()));
  if (own == section) return ok();
  TALLY_TRY(walk(false));
  const auto moved = std::ranges::find(walked_, block.section_sha256, &FoundBlock::section_sha256);
  if (moved != walked_.end()) {
    block.offset = moved->offset;
    block.parts_offset = moved->parts_offset;
  } else {
    findings_.note(block.offset, section.size(),
                   "the block's own header is damaged; the footer has another copy", true);
  }
  return ok();
}

/// From block to block, and where none begins, on to the next one. Where bytes are missing, that
/// begins within what the last one claims. A damaged footer's copies of headers are found as well.
Result<void> BlockSearch::walk(bool note_gaps) {
  if (std::exchange(has_walked_, true)) return ok();
  std::uint64_t at = header_bytes_;
  std::uint64_t search_from = at;
  while (walked_.size() < kBlocksMax && effort_ <= kSalvageEffort * file_bytes_) {
    TALLY_TRY(auto block, block_at(at));
    if (!block) {
      TALLY_TRY(block, next_block(search_from));
      if (!block) break;
    }
    search_from = block->parts_offset;
    const std::uint64_t own_offset = block->offset;
    TALLY_TRY(const bool known, settle(*block));
    at = own_offset + (block->end() - block->offset);
    effort_ += parts_bytes(block->header);
    if (!known) walked_.push_back(std::move(*block));
  }
  std::ranges::sort(walked_, {}, &FoundBlock::offset);
  if (note_gaps) note_gaps_between_blocks();
  return ok();
}

/// Once all are found: a block can have come to light by a copy of its header behind others.
void BlockSearch::note_gaps_between_blocks() {
  std::uint64_t end = header_bytes_;
  for (const FoundBlock& block : walked_) {
    if (end < block.offset) {
      findings_.note(end, block.offset - end, "no block header can be read");
    }
    end = std::max(end, block.end());
  }
}

/// Whether the block was found before. Else, if its parts do not stand behind the header that was
/// found, but behind the block that this one names as its predecessor, the header is a copy, and
/// the block's own one is damaged.
Result<bool> BlockSearch::settle(FoundBlock& block) {
  const auto same = [&](const FoundBlock& other) {
    return other.section_sha256 == block.section_sha256;
  };
  if (std::ranges::any_of(walked_, same)) return true;
  TALLY_TRY(const bool in_place, begins_at(block, block.parts_offset));
  if (in_place) return false;
  const auto before =
      std::ranges::find(walked_, block.header.previous, &FoundBlock::section_sha256);
  const bool first = header_bytes_ > 0 && block.header.previous == header_sha256_;
  if (before == walked_.end() && !first) return false;
  const std::uint64_t offset = first ? header_bytes_ : before->end();
  const std::uint64_t section = block.parts_offset - block.offset;
  TALLY_TRY(const bool elsewhere, begins_at(block, offset + section));
  if (elsewhere) {
    block.offset = offset;
    block.parts_offset = offset + section;
  }
  return false;
}

/// Whether one of the block's parts stands where it has to if the first one is at this offset.
Result<bool> BlockSearch::begins_at(const FoundBlock& block, std::uint64_t offset) {
  for (const BlockPart& part : block.header.parts) {
    if (offset > file_bytes_ || part.bytes > file_bytes_ - offset) return false;
    effort_ += part.bytes;
    TALLY_TRY(const std::string bytes, read(offset, part.bytes));
    if (part.bytes > 0 && crc32c(bytes) == part.crc) return true;
    offset += part.bytes;
  }
  return false;
}

Result<std::optional<FoundBlock>> BlockSearch::next_block(std::uint64_t from) {
  while (effort_ <= kSalvageEffort * file_bytes_) {
    TALLY_TRY(const auto tag, find_tag(from));
    if (!tag) break;
    TALLY_TRY(auto block, block_at(*tag));
    if (block) return block;
    from = *tag + 1;
  }
  return std::optional<FoundBlock>();
}

Result<std::optional<FoundBlock>> BlockSearch::block_at(std::uint64_t offset) {
  TALLY_TRY(const std::string prefix, read(offset, kSectionPrefixBytes));
  const auto bytes = section_bytes(prefix, kBlockTag, kBlockHeaderMax);
  if (!bytes || offset > limit_ || bytes.value() > limit_ - offset)
    return std::optional<FoundBlock>();
  effort_ += bytes.value();
  TALLY_TRY(const std::string section, read(offset, bytes.value()));
  auto header = read_block_header(section);
  if (!header) return std::optional<FoundBlock>();
  return std::optional(FoundBlock{.header = std::move(header).value(),
                                  .offset = offset,
                                  .parts_offset = offset + section.size(),
                                  .section_sha256 = sha256_of(section)});
}

Result<std::optional<std::uint64_t>> BlockSearch::find_tag(std::uint64_t from) {
  std::string tag(kBlockTag);
  tag.push_back(static_cast<char>(kSegmentVersion));
  while (from < limit_) {
    TALLY_TRY(const std::string piece, read(from, kPieceBytes));
    effort_ += kSectionPrefixBytes;
    const std::size_t at = piece.find(tag);
    if (at != std::string::npos && from + at < limit_) return std::optional(from + at);
    if (piece.size() < kPieceBytes) break;
    from += piece.size() - (tag.size() - 1);
  }
  return std::optional<std::uint64_t>();
}

void BlockSearch::vouch_by_chain() {
  auto& blocks = found_.blocks;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const Sha256& named = blocks[i].header.previous;
    if (i == 0) {
      blocks[i].vouched_for = header_bytes_ > 0 && named == header_sha256_;
    } else if (named == blocks[i - 1].section_sha256) {
      blocks[i - 1].vouched_for = blocks[i].vouched_for = true;
    }
  }
}

}  // namespace

Result<FoundSegment> search_blocks(File& file, SalvageFindings& findings) {
  return BlockSearch(file, findings).run();
}

}  // namespace tally::store
