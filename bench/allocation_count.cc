#include "bench/allocation_count.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::uint64_t> count{0};

}  // namespace

// The array forms come down to these; the nothrow form too, except under a sanitizer.
void* operator new(std::size_t size) {
  // Relaxed: only the sum counts, and it is read when the threads are done.
  count.fetch_add(1, std::memory_order_relaxed);
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) std::abort();
  return memory;
}

void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return operator new(size); }

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace tally::bench {

std::uint64_t allocation_count() noexcept { return count.load(std::memory_order_relaxed); }

}  // namespace tally::bench
