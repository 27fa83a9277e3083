// Integers of any size, of which small ones or those of one magnitude are common (docs/format.md
// section 5.2).
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "entropy/bit_coder.hpp"

namespace segpresso::entropy {

// An adaptive form of Exp-Golomb codes: first the number of bits, by a flag for zero and a binary
// tree, then the bits below the leading one, of which the first two are adaptive.
class AdaptiveInteger {
 public:
  template <class Coder>
  std::uint64_t code(Coder& coder, std::uint64_t value = 0) {
    const auto bits = static_cast<unsigned>(std::bit_width(value));
    if (coder.bit(zero_, bits == 0)) return 0;
    // Below the leading one: 0 to 63 bits.
    unsigned node = 1;
    for (unsigned i = 6; i-- > 0;) {
      node = 2 * node + static_cast<unsigned>(coder.bit(length_[node], ((bits - 1) >> i & 1) != 0));
    }
    const unsigned below = node - 64;
    std::uint64_t result = 1;
    const unsigned adaptive = below < 2 ? below : 2;
    for (unsigned i = 0; i < adaptive; ++i) {
      auto& model = leading_[4 * below + static_cast<unsigned>(result)];
      result = result << 1 |
               static_cast<std::uint64_t>(coder.bit(model, (value >> (below - 1 - i) & 1) != 0));
    }
    const unsigned rest = below - adaptive;
    if (rest == 0) return result;
    const std::uint64_t mask = (std::uint64_t{1} << rest) - 1;
    return result << rest | coder.raw(rest, value & mask);
  }

 private:
  AdaptiveBit zero_;
  std::array<AdaptiveBit, 64> length_;
  std::array<AdaptiveBit, 256> leading_;  // by the bits below and those already known (1, 2, 3)
};

}  // namespace segpresso::entropy
