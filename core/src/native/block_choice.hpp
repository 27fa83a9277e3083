// Which shape the blocks of a volume get.
#pragma once

#include <array>
#include <cstddef>

#include "segpresso/native.hpp"

namespace segpresso::native {

using BlockSizes = std::array<std::size_t, 3>;  // x, y, z

// For volumes of these sizes. Where neighbouring slices have nothing to do with each other, blocks
// are large slices and few of them.
BlockSizes choose_block(const Vector4& sizes, Profile profile, bool slices_unrelated);

// Looks at a few slices.
bool slices_unrelated(const LabelSeries& labels);

}  // namespace segpresso::native
