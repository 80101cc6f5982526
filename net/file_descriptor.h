#pragma once

#include <unistd.h>

#include <utility>

namespace tally::net {

/// Owns a file descriptor, and closes it.
class FileDescriptor {
 public:
  explicit FileDescriptor(int descriptor) noexcept : descriptor_(descriptor) {}
  ~FileDescriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  FileDescriptor(FileDescriptor&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&&) = delete;

  int get() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace tally::net
