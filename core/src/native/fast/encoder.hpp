// Encodes the structure of blocks by the `fast` model (docs/format_fast.md).
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/byte_writer.hpp"
#include "base/cpu.hpp"
#include "native/structure.hpp"

namespace segpresso::native::fast {

// One for each set of instructions; all write the same bytes.
class BlockEncoder {
 public:
  virtual ~BlockEncoder() = default;
  // The bytes are valid until the next block.
  virtual std::span<const std::uint8_t> encode(const Index* indices, const BlockShape& shape) = 0;
};

std::unique_ptr<BlockEncoder> make_encoder_scalar();
std::unique_ptr<BlockEncoder> make_encoder_avx2();

}  // namespace segpresso::native::fast

namespace segpresso::native {

// Keeps its working memory between blocks.
class FastEncoder {
 public:
  explicit FastEncoder(Simd simd = active_simd());

  // `indices` are dense, x fastest, numbered by their first appearance.
  void encode(const Index* indices, const BlockInfo& info, ByteWriter& out) {
    out.write_all(encoder_->encode(indices, info.shape));
  }

 private:
  std::unique_ptr<fast::BlockEncoder> encoder_;
};

}  // namespace segpresso::native
