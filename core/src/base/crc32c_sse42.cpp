#if defined(__x86_64__)

#include <nmmintrin.h>

#include <cstring>

#include "base/crc32c_isa.hpp"

#define SEGPRESSO_TARGET __attribute__((target("sse4.2")))
#define SEGPRESSO_TARGET_INLINE __attribute__((target("sse4.2"), always_inline)) inline

namespace segpresso {
namespace {

SEGPRESSO_TARGET_INLINE std::uint32_t add8(std::uint32_t state, std::uint64_t word) {
  return static_cast<std::uint32_t>(_mm_crc32_u64(state, word));
}

SEGPRESSO_TARGET_INLINE std::uint32_t add1(std::uint32_t state, std::uint8_t byte) {
  return _mm_crc32_u8(state, byte);
}

#include "base/crc32c_template.hpp"

}  // namespace

std::uint32_t crc32c_sse42(std::uint32_t state, const std::uint8_t* data, std::size_t size) {
  return update(state, data, size);
}

}  // namespace segpresso

#endif
