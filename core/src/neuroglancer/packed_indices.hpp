// Indices of 1, 2, 4, 8 or 16 bits in 32-bit words, the first in the lowest bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace segpresso::neuroglancer {

template <unsigned Bits>
void append_packed(const std::vector<std::uint16_t>& indices, std::vector<std::uint32_t>& words) {
  constexpr std::size_t per_word = 32 / Bits;
  const auto pack = [&](std::size_t first, std::size_t count) {
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < count; ++k) {
      word |= static_cast<std::uint32_t>(indices[first + k]) << (Bits * k);
    }
    words.push_back(word);
  };
  const std::size_t rest = indices.size() % per_word;
  const std::size_t whole = indices.size() - rest;
  for (std::size_t i = 0; i < whole; i += per_word) pack(i, per_word);
  if (rest != 0) pack(whole, rest);
}

inline void append_packed(unsigned bits, const std::vector<std::uint16_t>& indices,
                          std::vector<std::uint32_t>& words) {
  switch (bits) {
    case 1:
      return append_packed<1>(indices, words);
    case 2:
      return append_packed<2>(indices, words);
    case 4:
      return append_packed<4>(indices, words);
    case 8:
      return append_packed<8>(indices, words);
    case 16:
      return append_packed<16>(indices, words);
    default:
      return;
  }
}

}  // namespace segpresso::neuroglancer
