// The balanced model's encoder and decoder, compiled once per instruction set: the including file
// defines SEGPRESSO_BALANCED_ISA, the name of a namespace, and in it fill, Candidates, PlaceBits,
// label_ends, near_label_ends and learn_all.
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "native/balanced/coder_isa.hpp"
#include "native/balanced/decisions.hpp"
#include "native/balanced/escape_places.hpp"
#include "native/balanced/traversal.hpp"

namespace segpresso::native::balanced::SEGPRESSO_BALANCED_ISA {

// The share of edges within a slice that the slice before has too, at most one voxel away.
inline bool are_related(Slices& slices, const BlockShape& shape) {
  const std::ptrdiff_t step = shape.y < 16 ? 1 : 4;
  std::size_t edges = 0;
  std::size_t met = 0;
  for (std::ptrdiff_t y = 0; y < static_cast<std::ptrdiff_t>(shape.y); y += step) {
    const Index* const c = slices.current.row(y);
    const Index* const p = slices.before.row(y);
    const RowEnds ends = slices.current.ends(y);
    const auto width = static_cast<std::ptrdiff_t>(shape.x);
    for (std::ptrdiff_t x = ends.length_from(0); x < width; x += ends.length_from(x)) {
      ++edges;
      for (std::ptrdiff_t i = x - 1; i <= x + 1; ++i) {
        if (p[i] != p[i - 1] && (p[i] == c[x] || p[i - 1] == c[x - 1])) {
          ++met;
          break;
        }
      }
    }
  }
  return met * 8 >= edges;
}

void encode(const Index* indices, const BlockInfo& info, Index background, RangeEncoder& coder,
            WorkingMemory& memory) {
  Slices& slices = memory.slices;
  DecisionEncoder decisions(coder);
  Traversal<DecisionEncoder> traversal(decisions, memory, info, background);
  const BlockShape& shape = info.shape;
  for (std::uint32_t z = 0; z < shape.z; ++z) {
    for (std::uint32_t y = 0; y < shape.y; ++y) {
      std::copy_n(indices + (std::size_t{z} * shape.y + y) * shape.x, shape.x,
                  slices.current.row(y));
      slices.current.close_row(y);
    }
    const bool related = z > 0 && traversal.code_related(are_related(slices, shape));
    traversal.slice(related, [](std::uint32_t, const Runs&) {});
    slices.next();
  }
  decisions.finish();
}

void decode(const BlockInfo& info, Index background, std::uint32_t count, const RangeDecoder& coder,
            WorkingMemory& memory, RowSink& sink) {
  DecisionDecoder decisions(coder);
  Traversal<DecisionDecoder> traversal(decisions, memory, info, background);
  for (std::uint32_t z = 0; z < count; ++z) {
    const bool related = z > 0 && traversal.code_related(false);
    traversal.slice(related, [&](std::uint32_t y, const Runs& runs) { sink.take_row(z, y, runs); });
    memory.slices.next();
  }
  if (count == info.shape.z) decisions.check_all_used();
}

}  // namespace segpresso::native::balanced::SEGPRESSO_BALANCED_ISA
