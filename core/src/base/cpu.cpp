#include "base/cpu.hpp"

#include <array>
#include <cstdlib>
#include <string_view>

namespace segpresso {
namespace {

constexpr std::array preference{Simd::avx512, Simd::avx2, Simd::neon, Simd::scalar};

#if defined(__x86_64__)
bool has_avx2() {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0 &&
         __builtin_cpu_supports("bmi2") != 0 && __builtin_cpu_supports("lzcnt") != 0;
}
#endif

Simd choose() {
  if (const char* wanted = std::getenv("SEGPRESSO_SIMD")) {
    for (const Simd simd : preference) {
      if (std::string_view(wanted) == name_of(simd) && simd_available(simd)) return simd;
    }
  }
  for (const Simd simd : preference) {
    if (simd_available(simd)) return simd;
  }
  return Simd::scalar;
}

}  // namespace

bool simd_available(Simd simd) {
  switch (simd) {
    case Simd::scalar:
      return true;
    case Simd::avx2:
#if defined(__x86_64__)
      return has_avx2();
#else
      return false;
#endif
    case Simd::avx512:
#if defined(__x86_64__)
      return has_avx2() && __builtin_cpu_supports("avx512bw") != 0;
#else
      return false;
#endif
    case Simd::neon:
#if defined(__aarch64__)
      return true;
#else
      return false;
#endif
  }
  return false;
}

const char* name_of(Simd simd) {
  switch (simd) {
    case Simd::avx2:
      return "avx2";
    case Simd::avx512:
      return "avx512";
    case Simd::neon:
      return "neon";
    default:
      return "scalar";
  }
}

Simd active_simd() {
  static const Simd simd = choose();
  return simd;
}

}  // namespace segpresso
