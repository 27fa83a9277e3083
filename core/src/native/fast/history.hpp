// What runs have for a history (native/runs.hpp) before any of their moves is known.
#pragma once

#include <cstdint>

namespace segpresso::native::fast {

inline constexpr std::uint16_t unknown_history = 0xDDD;
inline constexpr std::uint16_t new_history = 0xFFF;

}  // namespace segpresso::native::fast
