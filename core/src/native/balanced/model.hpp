// What the balanced model learns of a block: one table of slots for each context.
#pragma once

#include <array>
#include <cstdint>

#include "native/balanced/predictor.hpp"

namespace segpresso::native::balanced {

inline constexpr unsigned rare_table_bits = 10;
inline constexpr std::size_t rare_contexts = 3;

struct Model {
  Tables stretch;
  Tables label;
  Tables quiet;
  std::array<SlotTable<rare_table_bits>, rare_contexts> rare;
};

// What a model knows at the beginning of every block (tools/train_balanced.py), and one that knows
// nothing.
const Model& trained_model();
Model untrained_model();

}  // namespace segpresso::native::balanced
