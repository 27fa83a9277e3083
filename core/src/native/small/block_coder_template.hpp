// Codes whole blocks with the operations of `Lanes`.
#pragma once

#include <cstdint>

#include "native/small/block_coder.hpp"
#include "native/small/model.hpp"
#include "native/small/traits.hpp"

namespace segpresso::native::small {

template <class Lanes>
void encode_block(const Index* indices, const BlockInfo& info, Workspace& workspace,
                  RangeEncoder& coder) {
  Model<RangeEncoder, Lanes> model(coder, workspace, info);
  workspace.scene.begin_block(info.shape, model.code_traits(find_traits(indices, info)),
                              info.index_count);
  for (std::uint32_t z = 0; z < info.shape.z; ++z) {
    model.code_slice(static_cast<int>(z), indices + z * info.shape.slice());
  }
}

template <class Lanes>
void decode_block(const BlockInfo& info, std::uint32_t slices, Workspace& workspace,
                  RangeDecoder& coder, const SliceSink& sink) {
  Model<RangeDecoder, Lanes> model(coder, workspace, info);
  workspace.scene.begin_block(info.shape, model.code_traits({}), info.index_count);
  for (std::uint32_t z = 0; z < slices; ++z) {
    model.code_slice(static_cast<int>(z), nullptr);
    coder.check_not_exhausted();
    Slice& slice = workspace.scene.previous();  // the one that has just ended
    sink(z, slice.row(0), slice.stride());
  }
  if (slices == info.shape.z) coder.check_all_used();
}

}  // namespace segpresso::native::small
