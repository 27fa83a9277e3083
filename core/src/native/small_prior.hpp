// What the tables are before a block: learned beforehand from volumes of many kinds by
// tools/train_small.py (docs/format_small.md section 11).
#pragma once

#include "native/small_predictor.hpp"

namespace segpresso::native::small {

// Unpacked once per process.
const Tables& prior();

}  // namespace segpresso::native::small
