#include "native/fast/encoder.hpp"

#include "native/fast/block_rows.hpp"

namespace segpresso::native {
namespace fast {
namespace {

std::unique_ptr<BlockEncoder> make_encoder(Simd simd) {
#if defined(__x86_64__)
  if (includes_avx2(simd)) return make_encoder_avx2();
#endif
  static_cast<void>(simd);
  return make_encoder_scalar();
}

}  // namespace
}  // namespace fast

void FastEncoder::encode(const Index* indices, const BlockInfo& info, ByteWriter& out) {
  fast::IndexRows rows(indices, info.shape);
  encode(rows, info.shape, out);
}

FastEncoder::FastEncoder(Simd simd) : encoder_(fast::make_encoder(simd)) {}

}  // namespace segpresso::native
