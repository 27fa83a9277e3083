#include "native/fast/decoder.hpp"

namespace segpresso::native {
namespace fast {
namespace {

std::unique_ptr<BlockDecoder> make_decoder(Simd simd) {
#if defined(__x86_64__)
  if (includes_avx2(simd)) return make_decoder_avx2();
#endif
  static_cast<void>(simd);
  return make_decoder_scalar();
}

}  // namespace
}  // namespace fast

FastDecoder::FastDecoder(Simd simd) : decoder_(fast::make_decoder(simd)) {}

}  // namespace segpresso::native
