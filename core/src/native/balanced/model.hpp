// What the balanced model learns of a block: one table of slots for each context.
#pragma once

#include <array>
#include <cstdint>

#include "native/balanced/predictor.hpp"

namespace segpresso::native::balanced {

inline constexpr unsigned label_table_bits = 13;
inline constexpr unsigned run_table_bits = 11;
inline constexpr unsigned rare_table_bits = 9;
inline constexpr std::size_t label_contexts = 6;
inline constexpr std::size_t run_contexts = 6;
inline constexpr std::size_t rare_contexts = 3;

// 0.25 MB: slots of 2^14 for each context of labels are 0.4 % smaller, those of 2^12 0.6 % larger.
struct Model {
  std::array<SlotTable<label_table_bits>, label_contexts> label;
  std::array<SlotTable<run_table_bits>, run_contexts> run;
  std::array<SlotTable<rare_table_bits>, rare_contexts> rare;
};

// What a model knows at the beginning of every block (tools/train_balanced.py), and one that knows
// nothing.
const Model& trained_model();
Model untrained_model();

}  // namespace segpresso::native::balanced
