#if defined(__aarch64__)

#include <arm_neon.h>

#include "labels/boundary_row_isa.hpp"

#define SEGPRESSO_TARGET

namespace segpresso {
namespace {

// One byte per label, all ones where equal, for 16 labels.
inline uint8x16_t equal16(const std::uint8_t* a, const std::uint8_t* b) {
  return vceqq_u8(vld1q_u8(a), vld1q_u8(b));
}

inline uint8x16_t equal16(const std::uint16_t* a, const std::uint16_t* b) {
  const uint16x8_t low = vceqq_u16(vld1q_u16(a), vld1q_u16(b));
  const uint16x8_t high = vceqq_u16(vld1q_u16(a + 8), vld1q_u16(b + 8));
  return vcombine_u8(vmovn_u16(low), vmovn_u16(high));
}

inline uint16x8_t equal8(const std::uint32_t* a, const std::uint32_t* b) {
  const uint32x4_t low = vceqq_u32(vld1q_u32(a), vld1q_u32(b));
  const uint32x4_t high = vceqq_u32(vld1q_u32(a + 4), vld1q_u32(b + 4));
  return vcombine_u16(vmovn_u32(low), vmovn_u32(high));
}

inline uint32x4_t equal4(const std::uint64_t* a, const std::uint64_t* b) {
  const uint64x2_t low = vceqq_u64(vld1q_u64(a), vld1q_u64(b));
  const uint64x2_t high = vceqq_u64(vld1q_u64(a + 2), vld1q_u64(b + 2));
  return vcombine_u32(vmovn_u64(low), vmovn_u64(high));
}

inline uint16x8_t equal8(const std::uint64_t* a, const std::uint64_t* b) {
  return vcombine_u16(vmovn_u32(equal4(a, b)), vmovn_u32(equal4(a + 4, b + 4)));
}

template <class T>
inline uint8x16_t equal16(const T* a, const T* b) {
  return vcombine_u8(vmovn_u16(equal8(a, b)), vmovn_u16(equal8(a + 8, b + 8)));
}

template <class T>
inline std::uint64_t differ64(const T* a, const T* b) {
  constexpr uint8x16_t weights{1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t m0 = vandq_u8(equal16(a, b), weights);
  const uint8x16_t m1 = vandq_u8(equal16(a + 16, b + 16), weights);
  const uint8x16_t m2 = vandq_u8(equal16(a + 32, b + 32), weights);
  const uint8x16_t m3 = vandq_u8(equal16(a + 48, b + 48), weights);
  // Three rounds of pairwise sums leave one byte for every eight labels, in order.
  const uint8x16_t sum = vpaddq_u8(vpaddq_u8(m0, m1), vpaddq_u8(m2, m3));
  return ~vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sum, sum)), 0);
}

#include "labels/boundary_row_template.hpp"

}  // namespace

const BoundaryRowKernels boundary_row_neon = kernels;
const DifferRowKernels differ_row_neon = differ_kernels;

}  // namespace segpresso

#endif
