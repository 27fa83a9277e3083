// Adaptive probabilities of 16 symbols.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace segpresso::native::fast {

inline constexpr unsigned symbols = 16;
// What every symbol gets of the coder's range, whatever its probability.
inline constexpr std::uint32_t least_share = 2;
// Models move by 2^-6 of the distance to what occurs. (2^-5: +2 % bytes. Rates that begin fast and
// slow down need counters and save 0.5 %: trained models start near the truth.)
inline constexpr int adaption_rate = 6;

// Symbol i has the probabilities from lower[i] up to lower[i + 1] (the last one up to 1), in units
// of 2^-16. They never decrease; lower[0] is 0.
struct alignas(32) SymbolModel {
  std::array<std::uint16_t, symbols> lower;
};

// lower[i] moves towards 1 if the symbol is below i and towards 0 else.
inline constexpr std::array<SymbolModel, symbols> adaption_masks = [] {
  std::array<SymbolModel, symbols> masks{};
  for (unsigned symbol = 0; symbol < symbols; ++symbol) {
    for (unsigned i = 0; i < symbols; ++i) masks[symbol].lower[i] = i > symbol ? 0xFFFF : 0;
  }
  return masks;
}();

// Equal probabilities of the first 2^bits symbols, for bits that no model predicts.
inline constexpr std::array<SymbolModel, 5> uniform_models = [] {
  std::array<SymbolModel, 5> models{};
  for (unsigned bits = 0; bits < models.size(); ++bits) {
    for (unsigned i = 0; i < symbols; ++i) {
      const unsigned lower = i << (16 - bits);
      models[bits].lower[i] = static_cast<std::uint16_t>(lower < 0xFFFF ? lower : 0xFFFF);
    }
  }
  return models;
}();

// Where the share of a symbol begins in a range of the coder (docs/format_fast.md).
[[gnu::always_inline]] constexpr std::uint32_t share_begin(const SymbolModel& model,
                                                           unsigned symbol,
                                                           std::uint32_t range) noexcept {
  return ((range - symbols * least_share) * model.lower[symbol] >> 16) + least_share * symbol;
}

// How far a range is shifted so that it has 16 bits again.
[[gnu::always_inline]] inline unsigned normalizing_shift(std::uint32_t range) noexcept {
  return static_cast<unsigned>(std::countl_zero(range)) - 16;
}

// Bytes that the end of the encoder writes; a decoder reads as many zeros in place of those left
// out and as many again ahead of what it needs.
inline constexpr std::size_t flushed = 8;

}  // namespace segpresso::native::fast
