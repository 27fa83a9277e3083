#include "native/small/decoder.hpp"

#include "native/small/block_coder.hpp"
#include "native/small/prior.hpp"

namespace segpresso::native {

struct SmallDecoder::State {
  small::Workspace workspace;
};

SmallDecoder::SmallDecoder() : state_(std::make_unique<State>()) {}
SmallDecoder::~SmallDecoder() = default;
SmallDecoder::SmallDecoder(SmallDecoder&&) noexcept = default;
SmallDecoder& SmallDecoder::operator=(SmallDecoder&&) noexcept = default;

void SmallDecoder::decode(const PackedArray& payload, const BlockInfo& info, std::uint32_t slices,
                          const SliceSink& sink) {
  RangeDecoder coder(payload);
  state_->workspace.tables = small::prior();
  small::block_coder(active_simd()).decode(info, slices, state_->workspace, coder, sink);
}

}  // namespace segpresso::native
