// compressed_segmentation, whose streams do not say what they are: the first eight bytes of the
// input do.
//
//   0, 1, 2  size x, y, z
//   3, 4, 5  block size x, y, z, less 1, modulo 16
//   6        binary logarithm of the bytes per label, modulo 4
//   7        channels, less 1, modulo 3
#include "fuzz/fuzz_support.hpp"
#include "segpresso/neuroglancer.hpp"

namespace segpresso::fuzz {
namespace {

constexpr std::size_t parameter_bytes = 8;

using Channels = std::vector<Volume>;

void decode(Bytes stream, Channels& channels, const neuroglancer::BlockSize& block,
            unsigned threads) {
  std::vector<MutableLabelView> targets;
  for (Volume& channel : channels) targets.push_back(channel.target());
  neuroglancer::decode_compressed_segmentation(stream, targets, block, limits, threads);
}

void check(Bytes parameters, Bytes stream) {
  const std::uint64_t hash = hash_of(stream);
  const Shape shape{parameters[0], parameters[1], parameters[2]};
  const neuroglancer::BlockSize block{1U + parameters[3] % 16, 1U + parameters[4] % 16,
                                      1U + parameters[5] % 16};
  const auto type = static_cast<LabelType>(1 << parameters[6] % 4);
  const std::size_t count = 1 + parameters[7] % 3;
  if (count * shape.voxels() * width_of(type) > limits.max_bytes) return;
  Channels channels(count, Volume(shape, type));
  decode(stream, channels, block, threads_of(hash));

  std::vector<LabelView> views;
  for (const Volume& channel : channels) views.push_back(channel.view());
  const Stream again =
      neuroglancer::encode_compressed_segmentation(views, block, threads_of(hash >> 3));
  Channels decoded(count, Volume(shape, type));
  decode(again, decoded, block, 1);
  require(decoded == channels, "encoded channels decode to themselves");
}

}  // namespace
}  // namespace segpresso::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace segpresso::fuzz;
  const Bytes input{data, size};
  if (size < parameter_bytes) return 0;
  return run([&] { check(input.first(parameter_bytes), input.subspan(parameter_bytes)); });
}
