#include <cstring>

#include "neuroglancer/match_block_isa.hpp"

#define SEGPRESSO_TARGET

namespace segpresso::neuroglancer {
namespace {

template <class T>
std::uint64_t match_word(const T* voxels, T label) {
  // Bytes first: compilers vectorise these comparisons with the machine's baseline instructions.
  std::array<std::uint8_t, 64> equal;
  for (std::size_t i = 0; i < equal.size(); ++i) {
    equal[i] = static_cast<std::uint8_t>(voxels[i] == label);
  }
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < equal.size(); i += 8) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, equal.data() + i, sizeof bytes);
    // Each byte's lowest bit, gathered in the highest byte.
    word |= (bytes * 0x0102040810204080) >> 56 << i;
  }
  return word;
}

#include "neuroglancer/match_block_template.hpp"

}  // namespace

const MatchBlockKernels match_block_scalar = kernels;

}  // namespace segpresso::neuroglancer
