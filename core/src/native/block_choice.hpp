// Which shape the blocks of a volume get; see also `choose_block_shape`.
#pragma once

#include <array>
#include <cstddef>

#include "segpresso/native.hpp"

namespace segpresso::native {

using BlockSizes = std::array<std::size_t, 3>;  // x, y, z

// Looks at a few slices.
bool slices_unrelated(const LabelSeries& labels);

}  // namespace segpresso::native
