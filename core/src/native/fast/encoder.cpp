#include "native/fast/encoder.hpp"

namespace segpresso::native {
namespace fast {
namespace {

std::unique_ptr<BlockEncoder> make_encoder(Simd simd) {
#if defined(__x86_64__)
  if (simd == Simd::avx2 || simd == Simd::avx512) return make_encoder_avx2();
#endif
  static_cast<void>(simd);
  return make_encoder_scalar();
}

}  // namespace
}  // namespace fast

FastEncoder::FastEncoder(Simd simd) : encoder_(fast::make_encoder(simd)) {}

}  // namespace segpresso::native
