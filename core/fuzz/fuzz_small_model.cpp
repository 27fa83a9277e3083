// The structure model of the profile `small`: any payload gives an error or indices in range, and
// these come back from another round. The first four bytes choose the shape and number of indices.
#include <vector>

#include "base/byte_reader.hpp"
#include "base/byte_writer.hpp"
#include "fuzz/fuzz_support.hpp"
#include "native/small/decoder.hpp"
#include "native/small/encoder.hpp"

namespace segpresso::fuzz {
namespace {

using native::BlockInfo;
using native::Index;

std::vector<Index> decode(Bytes payload, const BlockInfo& info) {
  static native::SmallDecoder decoder;
  std::vector<Index> indices;
  ByteReader reader(payload);
  decoder.decode(reader.array(payload.size(), 1, "structure"), info, info.shape.z,
                 [&](std::uint32_t, const Index* slice, std::size_t stride) {
                   for (std::uint32_t y = 0; y < info.shape.y; ++y) {
                     const Index* row = slice + y * stride;
                     indices.insert(indices.end(), row, row + info.shape.x);
                   }
                 });
  return indices;
}

void check(Bytes input) {
  if (input.size() < 4) return;
  const BlockInfo info{{1U + input[0] % 80, 1U + input[1] % 24, 1U + input[2] % 6}, 2U + input[3]};
  const std::vector<Index> indices = decode(input.subspan(4), info);
  for (const Index index : indices) require(index < info.index_count, "indices are in range");
  static native::SmallEncoder encoder;
  ByteWriter out;
  encoder.encode(indices.data(), info, out);
  require(decode(out.take(), info) == indices, "a block comes back");
}

}  // namespace
}  // namespace segpresso::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return segpresso::fuzz::run([&] { segpresso::fuzz::check({data, size}); });
}
