#include "native/fast_decoder.hpp"

#include "base/cpu.hpp"
#include "native/fast_slice_decoder.hpp"

namespace segpresso::native {

class FastDecoder::Work {
 public:
  FastSliceDecoder<ScalarLanes> scalar;
  FastSliceDecoder<NativeLanes> native;
};

FastDecoder::FastDecoder() : work_(std::make_unique<Work>()) {}
FastDecoder::~FastDecoder() = default;
FastDecoder::FastDecoder(FastDecoder&&) noexcept = default;
FastDecoder& FastDecoder::operator=(FastDecoder&&) noexcept = default;

void FastDecoder::decode(std::span<const std::uint8_t> payload, const BlockInfo& info,
                         std::uint32_t slices, const SliceSink& sink) {
  if (active_simd() == Simd::scalar) {
    work_->scalar.decode(payload, info, slices, sink);
  } else {
    work_->native.decode(payload, info, slices, sink);
  }
}

}  // namespace segpresso::native
