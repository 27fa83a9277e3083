// Which instruction set the kernels use, decided once per process.
#pragma once

namespace segpresso {

enum class Simd { scalar, avx2, avx512, neon };

// The best set this machine has, or the one that the environment variable SEGPRESSO_SIMD names
// ("scalar", "avx2", "avx512", "neon") if the machine has it.
Simd active_simd();

// AVX2 counts only with BMI, BMI2 and LZCNT, which its kernels use (target_avx2_begin.hpp).
bool simd_available(Simd simd);

// Whether kernels for AVX2 are among those of a set.
constexpr bool includes_avx2(Simd simd) noexcept {
  return simd == Simd::avx2 || simd == Simd::avx512;
}

const char* name_of(Simd simd);

}  // namespace segpresso
