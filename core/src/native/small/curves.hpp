// Probabilities as log odds and back, in integers (docs/format_small.md section 3).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace segpresso::native::small {

// Log odds in 1 / 256; what slots predict and what the mixer says lie within these.
inline constexpr int max_input = 2047;
inline constexpr int max_output = 2815;

struct Curves {
  std::array<std::uint16_t, 2 * max_output + 1> squash;  // [odds + max_output], in 1 / 65536
  std::array<std::int16_t, 4096> stretch;                // of probabilities in 1 / 4096
};

extern const Curves curves;

inline int squash(int odds) { return curves.squash[static_cast<unsigned>(odds + max_output)]; }
inline int clamp_output(int odds) { return std::clamp(odds, -max_output, max_output); }

}  // namespace segpresso::native::small
