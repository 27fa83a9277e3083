// Encodes the structure of blocks by the `fast` model (docs/format.md).
#pragma once

#include <memory>

#include "base/byte_writer.hpp"
#include "native/structure.hpp"

namespace segpresso::native {

// Keeps its working memory between blocks.
class FastEncoder {
 public:
  FastEncoder();
  ~FastEncoder();
  FastEncoder(FastEncoder&&) noexcept;
  FastEncoder& operator=(FastEncoder&&) noexcept;

  // `indices` are dense, x fastest, numbered by their first appearance.
  void encode(const Index* indices, const BlockInfo& info, ByteWriter& out);

 private:
  class Work;
  std::unique_ptr<Work> work_;
};

}  // namespace segpresso::native
