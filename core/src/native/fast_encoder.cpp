#include "native/fast_encoder.hpp"

namespace segpresso::native {
namespace {

std::unique_ptr<FastBlockEncoder> make_encoder(Simd simd) {
#if defined(__x86_64__)
  if (simd == Simd::avx2 || simd == Simd::avx512) return make_fast_encoder_avx2();
#endif
  static_cast<void>(simd);
  return make_fast_encoder_scalar();
}

}  // namespace

FastEncoder::FastEncoder(Simd simd) : encoder_(make_encoder(simd)) {}

}  // namespace segpresso::native
