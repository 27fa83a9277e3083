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

#if defined(__x86_64__)

// Whole cache lines go to memory without being read first, and leave the caches to others. The
// caller calls `stream_fence` when all copies are made.
inline void stream_copy(std::byte* to, const std::byte* from, std::size_t bytes) noexcept {
  constexpr std::size_t line = 64;
  const std::size_t head =
      std::min(bytes, (line - reinterpret_cast<std::uintptr_t>(to) % line) % line);
  std::memcpy(to, from, head);
  std::size_t i = head;
  for (; i + line <= bytes; i += line) {
    for (std::size_t k = 0; k < line; k += sizeof(__m128i)) {
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
