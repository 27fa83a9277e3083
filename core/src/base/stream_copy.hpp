// Copies into memory that nobody reads soon.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace segpresso {

inline constexpr std::size_t cache_line = 64;

// Bytes before the first whole cache line.
inline std::size_t bytes_before_line(const std::byte* memory, std::size_t bytes) noexcept {
  const std::size_t beyond = reinterpret_cast<std::uintptr_t>(memory) % cache_line;
  return std::min(bytes, (cache_line - beyond) % cache_line);
}

#if defined(__x86_64__)

// Whole cache lines go to memory without being read first, and leave the caches to others. The
// caller calls `stream_fence` when all copies are made.
inline void stream_copy(std::byte* to, const std::byte* from, std::size_t bytes) noexcept {
  std::size_t i = bytes_before_line(to, bytes);
  std::memcpy(to, from, i);
  for (; i + cache_line <= bytes; i += cache_line) {
    for (std::size_t k = 0; k < cache_line; k += sizeof(__m128i)) {
      _mm_stream_si128(reinterpret_cast<__m128i*>(to + i + k),
                       _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i + k)));
    }
  }
  std::memcpy(to + i, from + i, bytes - i);
}

// Makes the copies visible to other threads as ordinary stores are.
inline void stream_fence() noexcept { _mm_sfence(); }

#else

inline void stream_copy(std::byte* to, const std::byte* from, std::size_t bytes) noexcept {
  std::memcpy(to, from, bytes);
}

inline void stream_fence() noexcept {}

#endif

}  // namespace segpresso
