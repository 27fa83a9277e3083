// Rows of indices compared 16 at a time: with one index, or with each other. SSE2 and NEON belong
// to the base of their machines, so there is nothing to choose at run time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "native/structure.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace segpresso::native::small {

#if defined(__SSE2__)

namespace detail {
inline __m128i load8(const Index* p) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
}
inline std::uint32_t pack(__m128i low, __m128i high) {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_packs_epi16(low, high)));
}
}  // namespace detail

// Bit k is set iff p[k] == index.
inline std::uint32_t equal_mask(const Index* p, Index index) {
  const __m128i wanted = _mm_set1_epi16(static_cast<short>(index));
  return detail::pack(_mm_cmpeq_epi16(detail::load8(p), wanted),
                      _mm_cmpeq_epi16(detail::load8(p + 8), wanted));
}

// Bit k is set iff a[k] != b[k].
inline std::uint32_t differ_mask(const Index* a, const Index* b) {
  return 0xFFFFU ^ detail::pack(_mm_cmpeq_epi16(detail::load8(a), detail::load8(b)),
                                _mm_cmpeq_epi16(detail::load8(a + 8), detail::load8(b + 8)));
}

#elif defined(__aarch64__)

namespace detail {
inline std::uint32_t pack(uint16x8_t low, uint16x8_t high) {
  static constexpr std::uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                               1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t bytes = vcombine_u8(vmovn_u16(low), vmovn_u16(high));
  const uint8x16_t bits = vandq_u8(bytes, vld1q_u8(weights));
  return vaddv_u8(vget_low_u8(bits)) | static_cast<std::uint32_t>(vaddv_u8(vget_high_u8(bits)))
                                           << 8;
}
}  // namespace detail

inline std::uint32_t equal_mask(const Index* p, Index index) {
  const uint16x8_t wanted = vdupq_n_u16(index);
  return detail::pack(vceqq_u16(vld1q_u16(p), wanted), vceqq_u16(vld1q_u16(p + 8), wanted));
}

inline std::uint32_t differ_mask(const Index* a, const Index* b) {
  return 0xFFFFU ^ detail::pack(vceqq_u16(vld1q_u16(a), vld1q_u16(b)),
                                vceqq_u16(vld1q_u16(a + 8), vld1q_u16(b + 8)));
}

#else

inline std::uint32_t equal_mask(const Index* p, Index index) {
  std::uint32_t mask = 0;
  for (unsigned k = 0; k < 16; ++k) mask |= static_cast<std::uint32_t>(p[k] == index) << k;
  return mask;
}

inline std::uint32_t differ_mask(const Index* a, const Index* b) {
  std::uint32_t mask = 0;
  for (unsigned k = 0; k < 16; ++k) mask |= static_cast<std::uint32_t>(a[k] != b[k]) << k;
  return mask;
}

#endif

}  // namespace segpresso::native::small
