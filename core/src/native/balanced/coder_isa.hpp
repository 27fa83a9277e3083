// The compiled forms of the balanced model, by instruction set.
#pragma once

#include "native/balanced/working_memory.hpp"
#include "native/range_coder.hpp"
#include "native/row_sink.hpp"

namespace segpresso::native::balanced {

#define SEGPRESSO_BALANCED_FORM(isa)                                                              \
  namespace isa {                                                                                 \
  void encode(const Index* indices, const BlockInfo& info, Index background, RangeEncoder& coder, \
              WorkingMemory& memory);                                                             \
  void decode(const BlockInfo& info, Index background, std::uint32_t count,                       \
              const RangeDecoder& coder, WorkingMemory& memory, RowSink& sink);                   \
  }

SEGPRESSO_BALANCED_FORM(scalar)
SEGPRESSO_BALANCED_FORM(avx2)
SEGPRESSO_BALANCED_FORM(neon)

#undef SEGPRESSO_BALANCED_FORM

}  // namespace segpresso::native::balanced
