// Learns the first model of the balanced profile from blocks; tools/train_balanced.py runs it.
//
// Standard input: blocks, each as four little-endian uint32 (x, y, z, number of labels) and uint16
// indices. Standard output: the logits of all slots as bytes, in 1/16.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

#include "native/balanced/coder_isa.hpp"
#include "native/label_runs.hpp"

namespace {

using namespace segpresso;
using namespace segpresso::native;
using balanced::Slot;

bool read_block(BlockInfo& info, std::vector<Index>& indices) {
  std::uint32_t header[4];
  if (std::fread(header, sizeof header, 1, stdin) != 1) return false;
  info = {{header[0], header[1], header[2]}, header[3]};
  indices.resize(info.shape.voxels());
  return std::fread(indices.data(), sizeof(Index), indices.size(), stdin) == indices.size();
}

}  // namespace

int main() {
  balanced::WorkingMemory memory;
  *memory.model = balanced::untrained_model();
  BlockInfo info;
  std::vector<Index> indices;
  while (read_block(info, indices)) {
    const Index background = most_frequent(indices.data(), info);
    memory.slices.begin(info.shape);
    RangeEncoder coder;
    balanced::scalar::encode(indices.data(), info, background, coder, memory);
  }
  std::vector<Slot> slots(sizeof(balanced::Model) / sizeof(Slot));
  std::memcpy(static_cast<void*>(slots.data()), memory.model.get(), sizeof(balanced::Model));
  for (const Slot& slot : slots) {
    std::putchar(std::clamp((slot.logit() + 128) >> 8, -127, 127) & 255);
  }
}
