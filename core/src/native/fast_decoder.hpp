// Decodes the structure of blocks by the `fast` model (docs/format.md).
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "native/structure.hpp"

namespace segpresso::native {

// Keeps its working memory between blocks.
class FastDecoder {
 public:
  FastDecoder();
  ~FastDecoder();
  FastDecoder(FastDecoder&&) noexcept;
  FastDecoder& operator=(FastDecoder&&) noexcept;

  // Hands slices [0, slices) to `sink`. Throws Error (corrupt, truncated) if `payload` is not a
  // structure of that shape and that many indices.
  void decode(std::span<const std::uint8_t> payload, const BlockInfo& info, std::uint32_t slices,
              const SliceSink& sink);

 private:
  class Work;
  std::unique_ptr<Work> work_;
};

}  // namespace segpresso::native
