#include "native/small/decoder.hpp"

#include "native/small/coder.hpp"
#include "native/small/model.hpp"
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
  small::Workspace& workspace = state_->workspace;
  small::BitDecoder coder(payload);
  workspace.predictor.start(small::prior());
  small::Model model(coder, workspace, info);
  workspace.scene.begin_block(info.shape, model.code_traits({}), info.index_count);
  for (std::uint32_t z = 0; z < slices; ++z) {
    model.code_slice(static_cast<int>(z), nullptr);
    coder.check_not_exhausted();
    small::Slice& slice = workspace.scene.previous();  // the one that has just ended
    sink(z, slice.row(0), slice.stride());
  }
  if (slices == info.shape.z) coder.check_all_used();
}

}  // namespace segpresso::native
