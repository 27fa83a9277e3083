// Writes compressed_segmentation (docs/streams.md section 5).
//
// Strips of blocks are analysed side by side; offsets and shared tables depend on all blocks
// before, so one thread at a time puts the strips behind each other, which only copies.
#include <algorithm>
#include <cstring>
#include <span>
#include <vector>

#include "base/arithmetic.hpp"
#include "base/ordered_work.hpp"
#include "base/thread_team.hpp"
#include "neuroglancer/block_grid.hpp"
#include "neuroglancer/channel_writer.hpp"
#include "neuroglancer/strip.hpp"
#include "neuroglancer/strip_encoder.hpp"
#include "segpresso/neuroglancer.hpp"

namespace segpresso::neuroglancer {
namespace {

// Divides a volume into strips: whole rows of blocks, in raster order.
class StripGrid {
 public:
  StripGrid(const LabelView& labels, const BlockSize& block) : labels_(labels), depth_(block.z) {
    // Enough voxels to make handing them out cheap, few enough for even shares.
    constexpr std::size_t strip_voxels = std::size_t{1} << 18;
    const std::size_t row_voxels = labels.shape.x * block.y * block.z;
    height_ = block.y * std::max<std::size_t>(1, strip_voxels / row_voxels);
    per_layer_ = divide_up(labels.shape.y, height_);
  }

  [[nodiscard]] std::size_t size() const noexcept {
    return per_layer_ * divide_up(labels_.shape.z, depth_);
  }

  [[nodiscard]] LabelView operator[](std::size_t i) const noexcept {
    const std::size_t y = i % per_layer_ * height_;
    const std::size_t z = i / per_layer_ * depth_;
    LabelView strip = labels_;
    strip.data += static_cast<std::ptrdiff_t>(y) * labels_.strides[1] +
                  static_cast<std::ptrdiff_t>(z) * labels_.strides[2];
    strip.shape.y = std::min(height_, labels_.shape.y - y);
    strip.shape.z = std::min(depth_, labels_.shape.z - z);
    return strip;
  }

 private:
  const LabelView& labels_;
  std::size_t depth_;
  std::size_t height_;
  std::size_t per_layer_;
};

template <class T>
void encode_channel(const LabelView& labels, const BlockSize& block, ThreadTeam& team,
                    std::vector<std::uint8_t>& out) {
  const std::size_t blocks = divide_up(labels.shape.x, std::size_t{block.x}) *
                             divide_up(labels.shape.y, std::size_t{block.y}) *
                             divide_up(labels.shape.z, std::size_t{block.z});
  ChannelWriter writer(out, blocks, labels.shape.voxels() * sizeof(T));
  std::vector<StripEncoder<T>> encoders(team.size());
  const StripGrid grid(labels, block);
  OrderedWork<Strip> strips(team);
  strips.run(
      grid.size(),
      [&](std::size_t i, Strip& strip, unsigned worker) {
        encoders[worker].encode(grid[i], block, strip);
      },
      [&](const Strip& strip) { writer.append(strip); });
}

}  // namespace

std::vector<std::uint8_t> encode_compressed_segmentation(std::span<const LabelView> channels,
                                                         const BlockSize& block, unsigned threads) {
  if (channels.empty()) throw Error(ErrorKind::invalid_argument, "there are no channels");
  check_block_size(block);
  ThreadTeam team(useful_threads(threads, channels[0].shape.voxels()));
  std::vector<std::uint8_t> out;
  std::vector<std::uint32_t> offsets(channels.size(), static_cast<std::uint32_t>(channels.size()));
  const std::size_t word_bytes = sizeof offsets[0];
  out.resize(offsets.size() * word_bytes);
  for (std::size_t c = 0; c < channels.size(); ++c) {
    const LabelView& labels = channels[c];
    if (labels.shape.voxels() == 0) continue;
    if (out.size() / word_bytes > UINT32_MAX) {
      throw Error(ErrorKind::unsupported, "the channels take more than 16 GiB");
    }
    offsets[c] = static_cast<std::uint32_t>(out.size() / word_bytes);
    with_label_type(labels.type, [&]<class T>() { encode_channel<T>(labels, block, team, out); });
  }
  std::memcpy(out.data(), offsets.data(), offsets.size() * word_bytes);
  return out;
}

}  // namespace segpresso::neuroglancer
