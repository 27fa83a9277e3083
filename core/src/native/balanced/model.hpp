// What the balanced model learns of a block: one table of slots for each context.
#pragma once

#include <array>
#include <cstdint>

#include "native/balanced/predictor.hpp"

namespace segpresso::native::balanced {

inline constexpr unsigned rare_table_bits = 10;
inline constexpr std::size_t rare_contexts = 3;

// Half as large tables for stretches or labels are 0.6 or 0.2 % larger; twice as large ones for
// quiet stretches no smaller.
struct Model {
  Tables<14> stretch;
  Tables<13> label;
  Tables<11> quiet;
  std::array<SlotTable<rare_table_bits>, rare_contexts> rare;
};

// What a model knows at the beginning of every block (tools/train_balanced.py), and one that knows
// nothing.
const Model& trained_model();
Model untrained_model();

}  // namespace segpresso::native::balanced
