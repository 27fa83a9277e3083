#include "native/small/encoder.hpp"

#include "native/small/block_coder.hpp"
#include "native/small/prior.hpp"

namespace segpresso::native {

struct SmallEncoder::State {
  small::Workspace workspace;
  RangeEncoder coder;
};

SmallEncoder::SmallEncoder() : state_(std::make_unique<State>()) {}
SmallEncoder::~SmallEncoder() = default;
SmallEncoder::SmallEncoder(SmallEncoder&&) noexcept = default;
SmallEncoder& SmallEncoder::operator=(SmallEncoder&&) noexcept = default;

void SmallEncoder::encode(const Index* indices, const BlockInfo& info, ByteWriter& out) {
  auto& [workspace, coder] = *state_;
  coder.restart();
  workspace.tables = small::prior();
  small::block_coder(active_simd()).encode(indices, info, workspace, coder);
  out.write_all(coder.finish());
}

}  // namespace segpresso::native
