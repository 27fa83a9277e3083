// Codes the structure of blocks in few bytes, slowly (docs/format_small.md).
#pragma once

#include <memory>

#include "base/byte_writer.hpp"
#include "native/structure.hpp"

namespace segpresso::native {

class SmallEncoder {
 public:
  SmallEncoder();
  ~SmallEncoder();
  SmallEncoder(SmallEncoder&&) noexcept;
  SmallEncoder& operator=(SmallEncoder&&) noexcept;

  // Appends the structure of a block, dense in z, y, x order, to `out`.
  void encode(const Index* indices, const BlockInfo& info, ByteWriter& out);

 private:
  struct State;
  std::unique_ptr<State> state_;  // kept between blocks
};

}  // namespace segpresso::native
