// The paper's block tables: shape, volume.
#include "fuzz/fuzz_support.hpp"
#include "segpresso/neuroglancer.hpp"

namespace segpresso::fuzz {
namespace {

Volume decode(Bytes stream, unsigned threads) {
  return decode_within_limits(neuroglancer::shape_of_block_tables(stream), LabelType::u64,
                              [&](const MutableLabelView& out) {
                                neuroglancer::decode_block_tables(stream, out, limits, threads);
                              });
}

void check(Bytes stream) {
  const std::uint64_t hash = hash_of(stream);
  const Volume volume = decode(stream, threads_of(hash));
  const Stream again = neuroglancer::encode_block_tables(volume.view(), threads_of(hash >> 3));
  require(decode(again, 1) == volume, "an encoded volume decodes to itself");
}

}  // namespace
}  // namespace segpresso::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return segpresso::fuzz::run([&] { segpresso::fuzz::check({data, size}); });
}
