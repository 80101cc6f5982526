#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "store/disk/file_system.h"

namespace tally::tests {

/// A file whose content is a string: for readers of files that are looked at in very many variants.
class BytesFile : public store::File {
 public:
  explicit BytesFile(std::string bytes) : content(std::move(bytes)) {}

  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
    if (offset >= content.size()) return 0;
    const std::size_t count = std::min<std::uint64_t>(into.size(), content.size() - offset);
    std::memcpy(into.data(), content.data() + offset, count);
    return count;
  }
  Result<void> write_at(std::uint64_t offset, std::span<const std::string_view> parts) override {
    for (const std::string_view part : parts) {
      content.resize(std::max<std::uint64_t>(content.size(), offset + part.size()));
      content.replace(offset, part.size(), part);
      offset += part.size();
    }
    return ok();
  }
  Result<void> sync_data() override { return ok(); }
  Result<void> truncate(std::uint64_t bytes) override {
    content.resize(bytes);
    return ok();
  }
  Result<std::uint64_t> size() override { return content.size(); }
  void drop_cache() override {}
  Result<bool> try_lock() override { return true; }
  Result<bool> locked_by_other() override { return false; }
  Result<bool> try_lock_range(const store::LockRange&, store::LockKind) override { return true; }
  Result<void> unlock_range(const store::LockRange&) override { return ok(); }

  std::string content;
};

}  // namespace tally::tests
