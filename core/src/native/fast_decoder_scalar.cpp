#include "native/fast_slice_decoder.hpp"
#include "native/lanes_scalar.hpp"

namespace segpresso::native {

std::unique_ptr<FastBlockDecoder> make_fast_decoder_scalar() {
  return std::make_unique<FastSliceDecoder<ScalarLanes>>();
}

}  // namespace segpresso::native
