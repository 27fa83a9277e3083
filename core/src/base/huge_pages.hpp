// Memory for large tables that are read at random.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

#include "base/arithmetic.hpp"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace segpresso {

// Asks the system for pages of 2 MiB: with small ones nearly each access also misses the cache of
// page addresses.
template <class T>
class HugePageAllocator {
 public:
  using value_type = T;

  HugePageAllocator() = default;
  template <class U>
  HugePageAllocator(const HugePageAllocator<U>&) noexcept {}  // NOLINT(google-explicit-constructor)

  T* allocate(std::size_t count) {
    constexpr std::size_t page = std::size_t{1} << 21;
    const std::size_t bytes = count * sizeof(T);
    if (bytes < page) return static_cast<T*>(::operator new(bytes));
    // Up to the end of the last page, or what is in it would be in small ones.
    const std::size_t whole = round_up(bytes, page);
    void* memory = ::operator new(whole, std::align_val_t{page});
#if defined(__linux__)
    madvise(memory, whole, MADV_HUGEPAGE);  // a wish: without it, all is as before
#endif
    return static_cast<T*>(memory);
  }

  void deallocate(T* memory, std::size_t count) noexcept {
    constexpr std::size_t page = std::size_t{1} << 21;
    if (count * sizeof(T) < page) {
      ::operator delete(memory);
    } else {
      ::operator delete(memory, std::align_val_t{page});
    }
  }

  template <class U>
  bool operator==(const HugePageAllocator<U>&) const noexcept {
    return true;
  }
};

}  // namespace segpresso
