#include "native/small/encoder.hpp"

#include "native/small/coder.hpp"
#include "native/small/model.hpp"
#include "native/small/prior.hpp"
#include "native/small/traits.hpp"

namespace segpresso::native {

struct SmallEncoder::State {
  small::Workspace workspace;
  small::BitEncoder coder;
};

SmallEncoder::SmallEncoder() : state_(std::make_unique<State>()) {}
SmallEncoder::~SmallEncoder() = default;
SmallEncoder::SmallEncoder(SmallEncoder&&) noexcept = default;
SmallEncoder& SmallEncoder::operator=(SmallEncoder&&) noexcept = default;

void SmallEncoder::encode(const Index* indices, const BlockInfo& info, ByteWriter& out) {
  auto& [workspace, coder] = *state_;
  coder.restart();
  workspace.predictor.start(small::prior());
  small::Model model(coder, workspace, info);
  workspace.scene.begin_block(info.shape, model.code_traits(small::find_traits(indices, info)),
                              info.index_count);
  for (std::uint32_t z = 0; z < info.shape.z; ++z) {
    model.code_slice(static_cast<int>(z), indices + z * info.shape.slice());
  }
  out.write_all(coder.finish());
}

}  // namespace segpresso::native
