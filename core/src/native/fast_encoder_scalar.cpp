#include "native/fast_block_encoder.hpp"
#include "native/lanes_scalar.hpp"

namespace segpresso::native {

std::unique_ptr<FastBlockEncoder> make_fast_encoder_scalar() {
  return std::make_unique<FastLanesEncoder<ScalarLanes>>();
}

}  // namespace segpresso::native
