#include "store/rejected/rejected_file.h"

#include <algorithm>
#include <utility>

#include "store/disk/crc_record.h"

namespace tally::store {
namespace {

Error located(const Path& path, std::uint64_t offset, std::string_view what) {
  return {Errc::corruption,
          path.string() + ", byte " + std::to_string(offset) + ": " + std::string(what)};
}

}  // namespace

RejectedFileReader::RejectedFileReader(std::unique_ptr<File> file, Path path)
    : file_(std::move(file)), path_(std::move(path)), offset_(kRejectedHeaderBytes) {}

Result<RejectedFileReader> RejectedFileReader::open(FileSystem& files, const StorePaths& paths,
                                                    std::uint64_t number) {
  Path path = paths.rejected_file(number);
  TALLY_TRY(auto file, files.open(path, OpenMode::read));
  RejectedFileReader reader(std::move(file), std::move(path));
  TALLY_TRY(reader.size_, reader.file_->size());
  std::string bytes(kRejectedHeaderBytes, '\0');
  TALLY_TRY(const std::size_t read, reader.file_->read_at(0, bytes));
  TALLY_TRY(reader.header_, decode_rejected_header(std::string_view(bytes).substr(0, read)));
  if (reader.header_.number != number) return located(reader.path_, 0, "another file's number");
  return reader;
}

Result<std::optional<RejectedPack>> RejectedFileReader::next() {
  if (offset_ >= size_) return std::optional<RejectedPack>();
  std::string bytes(kRecordPrefixBytes, '\0');
  TALLY_TRY(const std::size_t prefix, file_->read_at(offset_, bytes));
  const auto length =
      record_bytes(std::string_view(bytes).substr(0, prefix), kRejectedBodyBytesMax);
  if (!length || *length > size_ - offset_) {
    return located(path_, offset_, "refused events are cut short");
  }
  bytes.resize(*length);
  TALLY_TRY(const std::size_t read, file_->read_at(offset_, bytes));
  auto pack = decode_rejected_pack(std::string_view(bytes).substr(0, read));
  if (!pack) return Error{pack.error().code, located(path_, offset_, pack.error().context).context};
  offset_ += *length;
  return std::optional(std::move(pack).value());
}

RejectedFileWriter::RejectedFileWriter(FileSystem& files, StorePaths paths,
                                       const RejectedHeader& header)
    : files_(&files), paths_(std::move(paths)), header_(header) {}

/// A pack is of one client, so that one client's can be dropped, and of neighbours, so that the
/// order of the packs is the order of the events.
Result<void> RejectedFileWriter::add(std::span<const RefusedEvent> refused) {
  while (!refused.empty()) {
    const std::string& client = refused.front().client;
    const auto end = std::ranges::find_if(
        refused, [&](const RefusedEvent& event) { return event.client != client; });
    const auto count = static_cast<std::size_t>(end - refused.begin());
    RejectedPack pack{client, index_, static_cast<std::uint32_t>(count),
                      std::string(packer_.pack(refused.first(count)))};
    TALLY_TRY(add(pack));
    refused = refused.subspan(count);
  }
  return ok();
}

Result<void> RejectedFileWriter::add(const RejectedPack& pack) {
  if (!file_) {
    const auto removed = files_->remove(paths_.rejected_draft());
    if (!removed && removed.error().code != Errc::not_found) return removed.error();
    TALLY_TRY(file_, files_->open(paths_.rejected_draft(), OpenMode::create));
    TALLY_TRY(write(encode(header_)));
  }
  const std::string bytes = encode(pack);
  TALLY_TRY(write(bytes));
  bytes_[pack.client] += bytes.size();
  index_ = pack.index + pack.count;
  return ok();
}

Result<std::map<std::string, std::uint64_t>> RejectedFileWriter::finish() {
  if (!file_) return bytes_;
  TALLY_TRY(file_->sync_data());
  TALLY_TRY(files_->rename(paths_.rejected_draft(), paths_.rejected_file(header_.number)));
  TALLY_TRY(files_->sync_directory(paths_.rejected()));
  return bytes_;
}

Result<void> RejectedFileWriter::write(std::string_view bytes) {
  TALLY_TRY(file_->write_at(end_, {&bytes, 1}));
  end_ += bytes.size();
  return ok();
}

}  // namespace tally::store
