// Probabilities as log odds and back, in integers (docs/format_small.md section 3).
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace segpresso::native::small {

// Log odds of what the mixer says in 1 / 256, natural; they lie within these.
inline constexpr int max_output = 2815;

struct Curves {
  std::array<std::uint16_t, 2 * max_output + 1> squash;  // [odds + max_output], in 1 / 65536
};

extern const Curves curves;

inline int squash(int odds) { return curves.squash[static_cast<unsigned>(odds + max_output)]; }
inline int clamp_output(int odds) { return std::clamp(odds, -max_output, max_output); }

// Log odds of a probability in 1 / 4096 as the mixer gets them: to the base of 2 in 1 / 256, with
// logarithms that are straight between powers of two, as those in the bits of floating point are.
inline constexpr int max_input = 3327;
constexpr int stretch(unsigned probability) {
  const auto bits = [](unsigned value) {
    return std::bit_cast<std::int32_t>(static_cast<float>(value));
  };
  return (bits(2 * probability + 1) - bits(8191 - 2 * probability)) >> 15;
}

}  // namespace segpresso::native::small
