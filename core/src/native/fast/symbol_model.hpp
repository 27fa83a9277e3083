// Fixed probabilities of 16 symbols, and the two coders' common view of them: a table of states, as
// in "asymmetric numeral systems" (docs/format_fast.md).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace segpresso::native::fast {

inline constexpr unsigned symbols = 16;
inline constexpr unsigned state_bits = 8;
inline constexpr unsigned states = 1U << state_bits;

// How many of the states stand for each symbol; those that there cannot be have none.
using Shares = std::array<std::uint8_t, symbols>;

// Which symbol each state stands for: those of a symbol lie far apart.
constexpr std::array<std::uint8_t, states> spread_symbols(const Shares& shares) {
  constexpr unsigned step = states / 2 + states / 8 + 3;  // odd, so that all places are met
  std::array<std::uint8_t, states> result{};
  unsigned place = 0;
  for (unsigned symbol = 0; symbol < symbols; ++symbol) {
    for (unsigned i = 0; i < shares[symbol]; ++i) {
      result[place] = static_cast<std::uint8_t>(symbol);
      place = (place + step) % states;
    }
  }
  return result;
}

}  // namespace segpresso::native::fast
