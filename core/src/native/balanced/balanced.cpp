#include "native/balanced/balanced.hpp"

#include "base/cpu.hpp"
#include "native/balanced/coder_isa.hpp"
#include "native/label_runs.hpp"

namespace segpresso::native {

void BalancedEncoder::encode(const Index* indices, const BlockInfo& info, ByteWriter& out) {
  const Index background = most_frequent(indices, info);
  out.write(background);
  coder_.restart();
  memory_.begin(info.shape);
#if defined(__x86_64__)
  if (includes_avx2(active_simd())) {
    balanced::avx2::encode(indices, info, background, coder_, memory_);
    out.write_all(coder_.finish());
    return;
  }
#endif
  balanced::scalar::encode(indices, info, background, coder_, memory_);
  out.write_all(coder_.finish());
}

void BalancedDecoder::decode(const PackedArray& payload, const BlockInfo& info,
                             std::uint32_t slices, RowSink& sink) {
  const auto background = static_cast<Index>(payload[0] | payload[1] << 8);
  const RangeDecoder coder(payload.slice(2, payload.size() - 2));
  memory_.begin(info.shape);
#if defined(__x86_64__)
  if (includes_avx2(active_simd())) {
    balanced::avx2::decode(info, background, slices, coder, memory_, sink);
    return;
  }
#endif
  balanced::scalar::decode(info, background, slices, coder, memory_, sink);
}

}  // namespace segpresso::native
