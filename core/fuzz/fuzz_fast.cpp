// The structure model of the profile `fast`, with the scalar kernels and the best ones.
#include "fuzz/fuzz_model.hpp"
#include "native/fast/decoder.hpp"
#include "native/fast/encoder.hpp"

namespace segpresso::fuzz {
namespace {

void check(Bytes input) {
  static native::FastEncoder encoder;
  static native::FastDecoder decoder;
  static native::FastDecoder scalar(Simd::scalar);
  const auto indices = check_model(input, encoder, decoder);
  if (input.size() < model_header_bytes) return;
  const BlockInfo info = read_model_header(input);
  require(decode_model(scalar, input.subspan(model_header_bytes), info, info.shape.z) == indices,
          "all kernels decode alike");
}

}  // namespace
}  // namespace segpresso::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  segpresso::fuzz::check({data, size});
  return 0;
}
