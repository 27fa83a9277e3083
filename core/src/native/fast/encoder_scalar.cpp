#include "native/fast/block_encoder.hpp"
#include "native/fast/lanes_scalar.hpp"

namespace segpresso::native::fast {

std::unique_ptr<BlockEncoder> make_encoder_scalar() {
  return std::make_unique<LanesEncoder<ScalarLanes>>();
}

}  // namespace segpresso::native::fast
