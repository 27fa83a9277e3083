// What an encoder finds out about a block before it codes it (docs/format_small.md section 10).
#pragma once

#include "native/small/scene.hpp"
#include "native/structure.hpp"

namespace segpresso::native::small {

// Its most frequent index, and the periods of upsampled or tiled labels.
BlockTraits find_traits(const Index* indices, const BlockInfo& info);

}  // namespace segpresso::native::small
