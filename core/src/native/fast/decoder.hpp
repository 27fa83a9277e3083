// Decodes the structure of blocks by the `fast` model (docs/format_fast.md).
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/cpu.hpp"
#include "native/row_sink.hpp"
#include "native/structure.hpp"

namespace segpresso::native::fast {

// One for each set of instructions.
class BlockDecoder {
 public:
  virtual ~BlockDecoder() = default;
  virtual void decode(std::span<const std::uint8_t> payload, const BlockInfo& info,
                      std::uint32_t slices, RowSink& sink) = 0;
};

std::unique_ptr<BlockDecoder> make_decoder_scalar();
std::unique_ptr<BlockDecoder> make_decoder_avx2();

}  // namespace segpresso::native::fast

namespace segpresso::native {

// Keeps its working memory between blocks.
class FastDecoder {
 public:
  explicit FastDecoder(Simd simd = active_simd());

  // Hands the rows of slices [0, slices) to `sink`. Throws Error (corrupt, truncated) if `payload`
  // is not a structure of that shape and that many indices.
  void decode(std::span<const std::uint8_t> payload, const BlockInfo& info, std::uint32_t slices,
              RowSink& sink) {
    decoder_->decode(payload, info, slices, sink);
  }

 private:
  std::unique_ptr<fast::BlockDecoder> decoder_;
};

}  // namespace segpresso::native
