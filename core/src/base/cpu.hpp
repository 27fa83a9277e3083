// Which instruction set the kernels use, decided once per process.
#pragma once

namespace segpresso {

enum class Simd { scalar, avx2, avx512, neon };

// The best set this machine has, or the one that the environment variable SEGPRESSO_SIMD names
// ("scalar", "avx2", "avx512", "neon") if the machine has it.
Simd active_simd();

bool simd_available(Simd simd);

const char* name_of(Simd simd);

}  // namespace segpresso
