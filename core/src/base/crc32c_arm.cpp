#if defined(__aarch64__)

#include <arm_acle.h>

#include <cstring>

#include "base/crc32c_isa.hpp"

#if defined(__clang__)
#define SEGPRESSO_TARGET __attribute__((target("crc")))
#else
#define SEGPRESSO_TARGET __attribute__((target("+crc")))
#endif
#define SEGPRESSO_TARGET_INLINE SEGPRESSO_TARGET inline

namespace segpresso {
namespace {

SEGPRESSO_TARGET_INLINE std::uint32_t add8(std::uint32_t state, std::uint64_t word) {
  return __crc32cd(state, word);
}

SEGPRESSO_TARGET_INLINE std::uint32_t add1(std::uint32_t state, std::uint8_t byte) {
  return __crc32cb(state, byte);
}

#include "base/crc32c_template.hpp"

}  // namespace

std::uint32_t crc32c_arm(std::uint32_t state, const std::uint8_t* data, std::size_t size) {
  return update(state, data, size);
}

}  // namespace segpresso

#endif
