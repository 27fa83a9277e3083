#include "native/small/block_coder_template.hpp"
#include "native/small/lanes_scalar.hpp"

namespace segpresso::native::small {

const BlockCoder block_coder_scalar{encode_block<ScalarLanes>, decode_block<ScalarLanes>};

}  // namespace segpresso::native::small
