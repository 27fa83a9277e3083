// Transposition of 8 x 8 bytes: turns eight bit rows into eight 8 x 8 windows and back.
#pragma once

#include <array>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace segpresso {

using Bytes8x8 = std::array<std::uint64_t, 8>;

struct ScalarTranspose {
  Bytes8x8 operator()(Bytes8x8 rows) const noexcept {
    // Swaps 4 x 4, then 2 x 2, then single off-diagonal blocks.
    swap_blocks<4>(rows, 0x00000000FFFFFFFF);
    swap_blocks<2>(rows, 0x0000FFFF0000FFFF);
    swap_blocks<1>(rows, 0x00FF00FF00FF00FF);
    return rows;
  }

 private:
  template <unsigned Step>
  static void swap_blocks(Bytes8x8& rows, std::uint64_t low) noexcept {
    for (unsigned i = 0; i < 8; ++i) {
      if ((i & Step) != 0) continue;
      const std::uint64_t a = rows[i];
      const std::uint64_t b = rows[i + Step];
      rows[i] = (a & low) | ((b & low) << (8 * Step));
      rows[i + Step] = ((a >> (8 * Step)) & low) | (b & ~low);
    }
  }
};

#if defined(__SSE2__)

struct SimdTranspose {
  Bytes8x8 operator()(const Bytes8x8& rows) const noexcept {
    const auto pair = [&](unsigned i) {
      const auto* p = reinterpret_cast<const __m128i*>(rows.data() + i);
      const auto* q = reinterpret_cast<const __m128i*>(rows.data() + i + 1);
      return _mm_unpacklo_epi8(_mm_loadl_epi64(p), _mm_loadl_epi64(q));
    };
    const __m128i r01 = pair(0);
    const __m128i r23 = pair(2);
    const __m128i r45 = pair(4);
    const __m128i r67 = pair(6);
    const __m128i low0 = _mm_unpacklo_epi16(r01, r23);
    const __m128i low1 = _mm_unpackhi_epi16(r01, r23);
    const __m128i high0 = _mm_unpacklo_epi16(r45, r67);
    const __m128i high1 = _mm_unpackhi_epi16(r45, r67);
    Bytes8x8 columns;
    auto* out = reinterpret_cast<__m128i*>(columns.data());
    _mm_storeu_si128(out, _mm_unpacklo_epi32(low0, high0));
    _mm_storeu_si128(out + 1, _mm_unpackhi_epi32(low0, high0));
    _mm_storeu_si128(out + 2, _mm_unpacklo_epi32(low1, high1));
    _mm_storeu_si128(out + 3, _mm_unpackhi_epi32(low1, high1));
    return columns;
  }
};

#elif defined(__aarch64__)

struct SimdTranspose {
  Bytes8x8 operator()(const Bytes8x8& rows) const noexcept {
    const auto pair = [&](unsigned i) {
      const uint8x8x2_t z = vzip_u8(vcreate_u8(rows[i]), vcreate_u8(rows[i + 1]));
      return vreinterpretq_u16_u8(vcombine_u8(z.val[0], z.val[1]));
    };
    const uint16x8x2_t low = vzipq_u16(pair(0), pair(2));
    const uint16x8x2_t high = vzipq_u16(pair(4), pair(6));
    Bytes8x8 columns;
    for (unsigned half = 0; half < 2; ++half) {
      const uint32x4x2_t z =
          vzipq_u32(vreinterpretq_u32_u16(low.val[half]), vreinterpretq_u32_u16(high.val[half]));
      vst1q_u64(columns.data() + 4 * half, vreinterpretq_u64_u32(z.val[0]));
      vst1q_u64(columns.data() + 4 * half + 2, vreinterpretq_u64_u32(z.val[1]));
    }
    return columns;
  }
};

#else
using SimdTranspose = ScalarTranspose;
#endif

}  // namespace segpresso
