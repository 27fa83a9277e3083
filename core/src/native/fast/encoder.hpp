// Encodes the structure of blocks by the `fast` model (docs/format_fast.md).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "base/byte_writer.hpp"
#include "base/cpu.hpp"
#include "native/fast/row_source.hpp"
#include "native/structure.hpp"

namespace segpresso::native::fast {

// One for each set of instructions; all write the same bytes.
class BlockEncoder {
 public:
  virtual ~BlockEncoder() = default;
  // Nothing if there are more indices than fit. The bytes are valid until the next block.
  using Bytes = std::span<const std::uint8_t>;
  virtual std::optional<Bytes> encode(RowSource& rows, const BlockShape& shape) = 0;
};

std::unique_ptr<BlockEncoder> make_encoder_scalar();
std::unique_ptr<BlockEncoder> make_encoder_avx2();

}  // namespace segpresso::native::fast

namespace segpresso::native {

// Keeps its working memory between blocks.
class FastEncoder {
 public:
  explicit FastEncoder(Simd simd = active_simd());

  // False, and nothing is written, if there are more indices than fit.
  bool encode(fast::RowSource& rows, const BlockShape& shape, ByteWriter& out) {
    const auto bytes = encoder_->encode(rows, shape);
    if (bytes) out.write_all(*bytes);
    return bytes.has_value();
  }

  // `indices` are dense, x fastest, numbered by their first appearance.
  void encode(const Index* indices, const BlockInfo& info, ByteWriter& out);

 private:
  std::unique_ptr<fast::BlockEncoder> encoder_;
};

}  // namespace segpresso::native
