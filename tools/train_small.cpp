// The part of train_small.py that must run the model itself.
//
// Usage: train_small train < BLOCKS > PACKAGE
//        train_small measure PACKAGE < BLOCKS, which prints the bytes of all blocks together
//
// A block: sizes x, y, z, the number of labels and a group, below 3 (32 bits each), then 16-bit
// indices in the order of their first appearance, x fastest. An empty PACKAGE stands for no
// training.
#include <array>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "native/range_coder.hpp"
#include "native/small/block_coder.hpp"
#include "native/small/prior.hpp"

namespace {

using namespace segpresso::native;

// Blocks of one origin are in one group.
constexpr std::uint32_t groups = 3;

struct Block {
  BlockInfo info;
  std::uint32_t group = 0;
  std::vector<Index> indices;
};

bool read_block(Block& block) {
  std::uint32_t header[5];
  if (!std::cin.read(reinterpret_cast<char*>(header), sizeof header)) return false;
  block.info = {{header[0], header[1], header[2]}, header[3]};
  block.group = header[4];
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

// What the model has learned after all blocks but those of a group.
small::Tables learn(const std::vector<Block>& blocks, std::optional<std::uint32_t> without) {
  small::Workspace workspace;
  workspace.tables = small::Tables::untrained();
  for (const Block& block : blocks) {
    if (block.group != without) code(workspace, block);
  }
  return workspace.tables;
}

// Weights as they are best where every block begins with a prior that has not seen its group: a
// mixer that sees again what its contexts have been trained on believes them too much. Means over
// the last two thirds of the blocks.
std::vector<small::Weights> learn_weights(const std::vector<Block>& blocks,
                                          const small::Tables& trained) {
  std::array<small::Tables, groups> priors;
  for (std::uint32_t group = 0; group < groups; ++group) {
    priors[group] = small::unpack_prior(small::pack_prior(learn(blocks, group)));
  }
  const std::vector<std::uint16_t> refinements = small::Tables::untrained().refinements;
  small::Workspace workspace;
  workspace.tables = trained;
  std::vector<small::Weights>& weights = workspace.tables.weights;
  std::vector<std::array<std::int64_t, small::lanes>> sums(weights.size());
  const std::size_t first = blocks.size() / 3;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    workspace.tables.slots = priors[blocks[i].group].slots;
    workspace.tables.refinements = refinements;
    code(workspace, blocks[i]);
    if (i < first) continue;
    for (std::size_t set = 0; set < weights.size(); ++set) {
      for (std::size_t j = 0; j < small::lanes; ++j) sums[set][j] += weights[set].value[j];
    }
  }
  const auto count = static_cast<double>(blocks.size() - first);
  for (std::size_t set = 0; set < weights.size(); ++set) {
    for (std::size_t j = 0; j < small::lanes; ++j) {
      weights[set].value[j] =
          static_cast<std::int16_t>(std::lround(static_cast<double>(sums[set][j]) / count));
    }
  }
  return weights;
}

void train() {
  std::vector<Block> blocks;
  for (Block block; read_block(block);) blocks.push_back(block);
  small::Tables trained = learn(blocks, std::nullopt);
  trained.weights = learn_weights(blocks, trained);
  const std::vector<std::uint8_t> package = small::pack_prior(trained);
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
