#include "native/fast/lanes_scalar.hpp"
#include "native/fast/slice_decoder.hpp"

namespace segpresso::native::fast {

std::unique_ptr<BlockDecoder> make_decoder_scalar() {
  return std::make_unique<SliceDecoder<ScalarLanes>>();
}

}  // namespace segpresso::native::fast
