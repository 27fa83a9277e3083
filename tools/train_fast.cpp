// What tools/train_fast.py needs of the core: the symbols of blocks with what is known before
// them, or the sizes of the coded blocks.
//
// Reads blocks from standard input (x, y, z and the number of indices, 32 bits each, then 16 bits
// per voxel) and writes to standard output: with "symbols" one `Record` per symbol, with "sizes"
// a line per block.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

#include "native/fast/block_rows.hpp"
#include "native/fast/encoder.hpp"
#include "native/fast/lanes_scalar.hpp"
#include "native/fast/slice_encoder.hpp"

namespace {

using namespace segpresso;
using namespace segpresso::native;

struct Record {
  std::uint16_t kind;
  std::uint16_t symbol;
  std::uint16_t features[4];
};

class Recorder {
 public:
  using EdgeContext = fast::EdgeFeatures;
  static EdgeContext edge_context(const fast::EdgeFeatures& features) { return features; }
  void edge(const EdgeContext& f, unsigned symbol) {
    add(0, symbol, f.matches.beside, f.matches.around, f.history, f.widths);
  }
  std::size_t leave_room() {
    records.emplace_back();
    return records.size() - 1;
  }
  void row_at(std::size_t place, std::uint32_t feature, unsigned symbol) {
    row(feature, symbol);
    records[place] = records.back();
    records.pop_back();
  }
  void row(std::uint32_t feature, unsigned symbol) { add(1, symbol, feature); }
  void slice(unsigned symbol) { add(2, symbol); }
  void end(bool first, unsigned symbol) { add(3, symbol, first ? 0 : 1); }
  void offset(std::uint32_t feature, std::uint32_t around, unsigned symbol) {
    add(4, symbol, feature, around);
  }
  void position(std::uint32_t feature, std::uint32_t beside, unsigned symbol) {
    add(5, symbol, feature, beside);
  }
  void label(std::uint32_t feature, unsigned symbol) { add(6, symbol, feature); }
  void bits(unsigned, std::uint32_t) {}

  std::vector<Record> records;

 private:
  void add(unsigned kind, unsigned symbol, std::uint32_t a = 0, std::uint32_t b = 0,
           std::uint32_t c = 0, std::uint32_t d = 0) {
    const auto low = [](std::uint32_t value) { return static_cast<std::uint16_t>(value); };
    records.push_back({low(kind), low(symbol), {low(a), low(b), low(c), low(d)}});
  }
};

void write_symbols(const std::vector<Index>& indices, const BlockInfo& info) {
  Recorder recorder;
  fast::SliceEncoder<fast::ScalarLanes, Recorder> encoder(recorder);
  encoder.start(info.shape);
  fast::IndexRows rows(indices.data(), info.shape);
  for (std::uint32_t z = 0; z < info.shape.z; ++z) encoder.encode_slice(rows, z);
  std::fwrite(recorder.records.data(), sizeof(Record), recorder.records.size(), stdout);
}

void write_size(FastEncoder& encoder, const std::vector<Index>& indices, const BlockInfo& info) {
  ByteWriter out;
  encoder.encode(indices.data(), info, out);
  std::printf("%zu\n", out.size());
}

}  // namespace

int main(int argc, char** argv) {
  const bool symbols = argc == 2 && std::strcmp(argv[1], "symbols") == 0;
  if (!symbols && (argc != 2 || std::strcmp(argv[1], "sizes") != 0)) return 2;
  FastEncoder encoder;
  std::uint32_t header[4];
  std::vector<Index> indices;
  while (std::fread(header, sizeof header, 1, stdin) == 1) {
    const BlockInfo info{{header[0], header[1], header[2]}, header[3]};
    indices.resize(info.shape.voxels());
    if (std::fread(indices.data(), sizeof(Index), indices.size(), stdin) != indices.size())
      return 1;
    if (symbols) {
      write_symbols(indices, info);
    } else {
      write_size(encoder, indices, info);
    }
  }
  return 0;
}
