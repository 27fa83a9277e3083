#include "base/crc32c.hpp"

#include "base/crc32c_isa.hpp"

#if defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace segpresso {

Crc32cUpdate crc32c_update(Simd simd) {
  if (simd == Simd::scalar) return crc32c_scalar;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2") != 0) return crc32c_sse42;
#elif defined(__aarch64__) && defined(__linux__)
  if ((getauxval(AT_HWCAP) & HWCAP_CRC32) != 0) return crc32c_arm;
#elif defined(__aarch64__) && defined(__APPLE__)
  return crc32c_arm;  // every one of these processors has it
#endif
  return crc32c_scalar;
}

}  // namespace segpresso
