// The balanced profile's model of structure (docs/format.md, "Balanced model").
#pragma once

#include <cstdint>

#include "base/byte_reader.hpp"
#include "base/byte_writer.hpp"
#include "native/balanced/working_memory.hpp"
#include "native/range_coder.hpp"
#include "native/row_sink.hpp"
#include "native/structure.hpp"

namespace segpresso::native {

class BalancedEncoder {
 public:
  // Appends the structure of a block: indices in z, y, x order, numbered by first appearance.
  void encode(const Index* indices, const BlockInfo& info, ByteWriter& out);

 private:
  balanced::WorkingMemory memory_;
  RangeEncoder coder_;
};

class BalancedDecoder {
 public:
  // Decodes the first `slices` slices.
  void decode(const PackedArray& payload, const BlockInfo& info, std::uint32_t slices,
              RowSink& sink);

 private:
  balanced::WorkingMemory memory_;
};

}  // namespace segpresso::native
