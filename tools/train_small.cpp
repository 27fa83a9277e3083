// The part of train_small.py that must run the model itself.
//
// Usage: train_small train < BLOCKS > PACKAGE
//        train_small measure PACKAGE < BLOCKS, which prints the bytes of all blocks together
//
// A block: sizes x, y, z and the number of labels (32 bits each), then 16-bit indices in the order
// of their first appearance, x fastest. An empty PACKAGE stands for no training.
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "native/small/block_coder.hpp"
#include "native/range_coder.hpp"
#include "native/small/prior.hpp"

namespace {

using namespace segpresso::native;

struct Block {
  BlockInfo info;
  std::vector<Index> indices;
};

bool read_block(Block& block) {
  std::uint32_t header[4];
  if (!std::cin.read(reinterpret_cast<char*>(header), sizeof header)) return false;
  block.info = {{header[0], header[1], header[2]}, header[3]};
  block.indices.resize(block.info.shape.voxels());
  const auto bytes = static_cast<std::streamsize>(block.indices.size() * sizeof(Index));
  return static_cast<bool>(std::cin.read(reinterpret_cast<char*>(block.indices.data()), bytes));
}

// Goes on with the tables as they are.
std::size_t code(small::Workspace& workspace, const Block& block) {
  if (block.info.index_count < 2) return 0;
  RangeEncoder coder;
  small::block_coder(segpresso::active_simd())
      .encode(block.indices.data(), block.info, workspace, coder);
  return coder.finish().size();
}

void train() {
  small::Workspace workspace;
  workspace.tables = small::Tables::untrained();
  for (Block block; read_block(block);) code(workspace, block);
  const std::vector<std::uint8_t> package = small::pack_prior(workspace.tables);
  std::cout.write(reinterpret_cast<const char*>(package.data()),
                  static_cast<std::streamsize>(package.size()));
}

void measure(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes(std::istreambuf_iterator<char>(file), {});
  const std::vector<std::uint8_t> package(bytes.begin(), bytes.end());
  const small::Tables prior =
      package.empty() ? small::Tables::untrained() : small::unpack_prior(package);
  small::Workspace workspace;
  std::size_t total = 0;
  for (Block block; read_block(block);) {
    workspace.tables = prior;
    total += code(workspace, block);
  }
  std::cout << total << '\n';
}

}  // namespace

int main(int count, char** arguments) {
  const std::string command = count > 1 ? arguments[1] : "";
  if (command == "train") {
    train();
  } else if (command == "measure" && count == 3) {
    measure(arguments[2]);
  } else {
    std::cerr << "usage: train_small train | measure PACKAGE\n";
    return 1;
  }
}
