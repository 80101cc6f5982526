#include "store/rejected/refused_codec.h"

#include <zstd.h>

#include <algorithm>
#include <utility>

#include "model/check.h"
#include "store/disk/field_codec.h"
#include "store/journal/journal_format.h"
#include "store/journal/provenance_codec.h"

namespace tally::store {
namespace {

constexpr int kLevel = 1;
/// What an event takes besides its texts: lengths, numbers and a hash, each at its longest.
constexpr std::size_t kFixedBytesMax = 96;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
};

void put_refused(std::string& out, const RefusedEvent& event, UtcTime before) {
  put_time_after(out, before, event.received);
  put_source_kind(out, event.kind);
  put_varint(out, event.offset);
  put_text(out, event.source);
  put_text(out, event.client);
  put_text(out, event.reason);
  put_text(out, event.bytes);
  put_varint(out, event.length - event.bytes.size());
  if (event.length > event.bytes.size()) put_bytes(out, event.sha256);
}

RefusedEvent read_refused(ByteReader& in, UtcTime before) {
  RefusedEvent event;
  event.received = read_time_after(in, before);
  event.kind = read_source_kind(in);
  event.offset = in.varint();
  event.source = in.text(kNameBytesMax);
  event.client = in.text(kNameBytesMax);
  event.reason = in.text(kReasonBytesMax);
  event.bytes = in.text(kRefusedBytesMax);
  const std::uint64_t cut = in.varint(~std::uint64_t{0} - event.bytes.size());
  event.length = event.bytes.size() + cut;
  if (cut > 0) in.bytes_into(event.sha256);
  return event;
}

Error corrupt() { return {Errc::corruption, "commit attachments: refused events are malformed"}; }

Result<std::string> decompress(std::string_view frame) {
  const unsigned long long length = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (length > kCommitRefusedBytesMax) return corrupt();  // Its error values are larger still.
  std::string content(static_cast<std::size_t>(length), '\0');
  const std::size_t bytes =
      ZSTD_decompress(content.data(), content.size(), frame.data(), frame.size());
  if (ZSTD_isError(bytes) || bytes != content.size()) return corrupt();
  return content;
}

}  // namespace

std::size_t refused_bytes(const RefusedEvent& event) noexcept {
  return kFixedBytesMax + event.source.size() + event.client.size() + event.reason.size() +
         event.bytes.size();
}

bool within_limits(const RefusedEvent& event) noexcept {
  return std::max(event.source.size(), event.client.size()) <= kNameBytesMax &&
         event.reason.size() <= kReasonBytesMax && event.bytes.size() <= kRefusedBytesMax;
}

struct RefusedPacker::State {
  std::unique_ptr<ZSTD_CCtx, FreeContext> zstd{ZSTD_createCCtx()};
  std::string content;
  std::string frame;
};

RefusedPacker::RefusedPacker() : state_(std::make_unique<State>()) {
  TALLY_CHECK(state_->zstd != nullptr);
}

RefusedPacker::~RefusedPacker() = default;
RefusedPacker::RefusedPacker(RefusedPacker&&) noexcept = default;
RefusedPacker& RefusedPacker::operator=(RefusedPacker&&) noexcept = default;

std::string_view RefusedPacker::pack(std::span<const RefusedEvent> events) {
  std::string& content = state_->content;
  content.clear();
  UtcTime before{};
  for (const RefusedEvent& event : events) {
    TALLY_CHECK(event.length >= event.bytes.size());
    put_refused(content, event, before);
    before = event.received;
  }
  std::string& frame = state_->frame;
  frame.resize(ZSTD_compressBound(content.size()));
  const std::size_t bytes = ZSTD_compressCCtx(state_->zstd.get(), frame.data(), frame.size(),
                                              content.data(), content.size(), kLevel);
  TALLY_CHECK(!ZSTD_isError(bytes));
  return std::string_view(frame).substr(0, bytes);
}

Result<std::vector<RefusedEvent>> unpack_refused(std::string_view frame) {
  TALLY_TRY(const std::string content, decompress(frame));
  std::vector<RefusedEvent> events;
  ByteReader in(content);
  UtcTime before{};
  while (!in.at_end()) {
    RefusedEvent event = read_refused(in, before);
    before = event.received;
    if (in.failed() || events.size() == kCommitRefusedMax) return corrupt();
    events.push_back(std::move(event));
  }
  if (in.failed()) return corrupt();
  return events;
}

}  // namespace tally::store
