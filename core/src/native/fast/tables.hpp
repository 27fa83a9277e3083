// Trained tables of the `fast` model: which features share a context, and the probabilities.
#pragma once

#include <array>
#include <cstdint>

#include "native/fast/symbol_model.hpp"

namespace segpresso::native::fast {

inline constexpr unsigned beside_classes = 32;
inline constexpr unsigned around_classes = 16;
inline constexpr unsigned place_classes = 48;
inline constexpr unsigned history_classes = 24;
inline constexpr unsigned width_classes = 20;

// The first contexts of the kinds of symbols; those of edges begin with 0.
inline constexpr unsigned row_models = 256;
inline constexpr unsigned slice_model = 320;
inline constexpr unsigned end_models = 321;
inline constexpr unsigned offset_models = 323;
inline constexpr unsigned position_models = 355;
inline constexpr unsigned label_models = 387;
inline constexpr unsigned contexts = 411;

template <std::size_t Features>
using Map = std::array<std::uint8_t, Features>;

// One object, so that one register reaches all of them.
struct Tables {
  Map<4096> beside;
  Map<4096> around;
  Map<beside_classes * around_classes> place;
  Map<4096> history;
  Map<3072> width;
  Map<place_classes * history_classes * width_classes> edge;
  Map<144> row;
  Map<140 * around_classes> offset;
  Map<70 * beside_classes> position;
  Map<160> label;
  std::array<Shares, contexts> shares;
};

extern const Tables tables;

}  // namespace segpresso::native::fast
