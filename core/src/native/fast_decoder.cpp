#include "native/fast_decoder.hpp"

namespace segpresso::native {
namespace {

std::unique_ptr<FastBlockDecoder> make_decoder(Simd simd) {
#if defined(__x86_64__)
  if (simd == Simd::avx2 || simd == Simd::avx512) return make_fast_decoder_avx2();
#endif
  static_cast<void>(simd);
  return make_fast_decoder_scalar();
}

}  // namespace

FastDecoder::FastDecoder(Simd simd) : decoder_(make_decoder(simd)) {}

}  // namespace segpresso::native
