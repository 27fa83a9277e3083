// The instruction sets that this machine has.
#pragma once

#include <vector>

#include "base/cpu.hpp"

namespace segpresso::test {

inline std::vector<Simd> available_simd() {
  std::vector<Simd> sets;
  for (const Simd simd : {Simd::scalar, Simd::avx2, Simd::avx512, Simd::neon}) {
    if (simd_available(simd)) sets.push_back(simd);
  }
  return sets;
}

}  // namespace segpresso::test
