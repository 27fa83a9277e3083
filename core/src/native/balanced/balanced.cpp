#include "native/balanced/balanced.hpp"

#include <algorithm>
#include <span>

#include "base/cpu.hpp"
#include "native/balanced/coder_isa.hpp"

namespace segpresso::native {

void BalancedEncoder::encode(const Index* indices, const BlockInfo& info, ByteWriter& out) {
  counts_.assign(info.index_count, 0);
  for (const Index index : std::span(indices, info.shape.voxels())) ++counts_[index];
  const auto background = static_cast<Index>(std::ranges::max_element(counts_) - counts_.begin());
  out.write(background);
  memory_.begin(info.shape);
#if defined(__x86_64__)
  if (includes_avx2(active_simd())) {
    balanced::avx2::encode(indices, info, background, coder_, memory_);
    coder_.finish(out);
    return;
  }
#endif
  balanced::scalar::encode(indices, info, background, coder_, memory_);
  coder_.finish(out);
}

void BalancedDecoder::decode(const PackedArray& payload, const BlockInfo& info,
                             std::uint32_t slices, const SliceSink& sink) {
  const auto background = static_cast<Index>(payload[0] | payload[1] << 8);
  balanced::BinaryDecoder coder(payload.slice(2, payload.size() - 2));
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
