#include "native/block_choice.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/arithmetic.hpp"
#include "labels/slab_reader.hpp"

namespace segpresso::native {
namespace {

// A box of 64^3 touches two or three blocks along an axis, wherever it lies, if they have this many
// voxels.
constexpr std::size_t touched_twice = 63;
constexpr std::size_t touched_thrice = 32;

// A size near `target` of which the last block along the axis is not much less.
std::size_t even_share(std::size_t size, std::size_t target) {
  if (size <= target + target / 4) return size;
  std::size_t least = std::max<std::size_t>(1, target - target / 4);
  if (target > touched_twice) {
    least = std::max(touched_twice, target / 2);
  } else if (target >= touched_thrice) {
    least = std::max(touched_thrice, least);
  }
  std::size_t best = target;
  // What the last block lacks, and half of the distance from the target, in 1/65536.
  std::size_t best_cost = SIZE_MAX;
  for (std::size_t share = least; share <= target + target / 4; ++share) {
    const std::size_t lacks = round_up(size, share) - size;
    const std::size_t distance = share > target ? share - target : target - share;
    const std::size_t cost = (lacks << 16) / share + (distance << 15) / target;
    if (cost < best_cost) {
      best = share;
      best_cost = cost;
    }
  }
  return best;
}

// Blocks of `small`: few ones of equal size, each of up to 2^23 voxels. The model learns all the
// way: half as many are 1 % larger, twice as many 0.4 % smaller, but more has to be decoded for a
// box. They are half as deep as wide: for a box, the slices below it need not be decoded.
//
// Volumes that need more than one get five or more, of 2^22 voxels or more: that is 0.7 % larger
// than the fewest, and threads share them evenly. Two threads gained 1.78 and 1.73 times in two
// blocks of fib25_train2_ws and four of spl_knee, 1.87 and 1.85 in four and six.
BlockSizes few_blocks(const BlockSizes& sizes, std::size_t count, bool slices_unrelated) {
  constexpr std::size_t largest = std::size_t{1} << 23;
  constexpr std::size_t wanted_blocks = 5;
  std::size_t voxels = count;
  for (const std::size_t size : sizes) {
    if (__builtin_mul_overflow(voxels, size, &voxels)) voxels = SIZE_MAX;
  }
  const std::size_t most_voxels =
      voxels <= largest ? largest : std::clamp(voxels / wanted_blocks, largest / 2, largest);
  const BlockSizes proportions =
      slices_unrelated ? BlockSizes{256, 256, 1} : BlockSizes{256, 256, 128};
  BlockSizes counts{1, 1, 1};
  BlockSizes block = sizes;
  while (block[0] > most_voxels / block[1] / block[2]) {
    // The axis that is longest for its proportion; of several first y, then x.
    std::size_t longest = 2;
    for (std::size_t axis = 0; axis < 2; ++axis) {
      if (block[axis] * proportions[longest] >= block[longest] * proportions[axis]) longest = axis;
    }
    counts[longest] += 1 + counts[longest] / 64;
    block[longest] = (sizes[longest] + counts[longest] - 1) / counts[longest];
  }
  return block;
}

}  // namespace

BlockSizes choose_block_shape(const Vector4& sizes, Profile profile, bool slices_unrelated) {
  const auto sizes_of_one = [&](std::size_t axis) { return std::max<std::size_t>(1, sizes[axis]); };
  const BlockSizes whole{sizes_of_one(0), sizes_of_one(1), sizes_of_one(2)};
  if (profile == Profile::small) return few_blocks(whole, sizes_of_one(3), slices_unrelated);
  // Up to 2^20 voxels are enough to learn from and few enough to decode for a small box: one of
  // 64^3 takes up to 7.1 % of the bytes of 512^3 voxels of cortex, 9 % with blocks of 256x64x64.
  // Long rows are fast: 1.05 to 1.3 times as fast as in blocks of 128x112x64.
  constexpr std::size_t budget = std::size_t{1} << 20;
  const BlockSizes base =
      slices_unrelated ? BlockSizes{512, 512, budget >> 18} : BlockSizes{512, 64, 32};
  // Volumes little larger than a block lose most if they are cut: ac4_crop_gt (1.6 M voxels) 7 %.
  if (whole[0] <= budget * 2 / whole[1] / whole[2]) return whole;
  BlockSizes target{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    target[axis] = std::min(whole[axis], base[axis]);
  }
  // What a short axis leaves goes to the others, one doubling after the other.
  while (target[0] * target[1] * target[2] * 2 <= budget) {
    std::size_t widest = 3;
    for (std::size_t axis = 3; axis-- > 0;) {
      if (target[axis] >= whole[axis]) continue;
      if (widest == 3 || target[axis] * base[widest] < target[widest] * base[axis]) widest = axis;
    }
    if (widest == 3) break;
    target[widest] = std::min(2 * target[widest], whole[widest]);
  }
  for (std::size_t axis = 0; axis < 3; ++axis) {
    target[axis] = even_share(whole[axis], target[axis]);
  }
  return target;
}

bool slices_unrelated(const LabelSeries& labels) {
  const auto [size_x, size_y, size_z] = labels.first.shape;
  if (size_z < 2 || size_x == 0 || size_y < 2 || labels.count == 0) return false;
  constexpr std::size_t most_slices = 8;
  constexpr std::size_t most_rows = 32;
  return with_label_type(labels.first.type, [&]<class T>() {
    SlabReader<T> slab;
    const std::size_t slices = std::min(most_slices, size_z - 1);
    const std::size_t rows = std::min(most_rows, size_y - 1);
    std::size_t between = 0;
    std::size_t within = 0;
    for (std::size_t i = 0; i < slices; ++i) {
      const std::size_t z = (2 * i + 1) * (size_z - 1) / (2 * slices);
      slab.open(labels.first, z, z + 2);
      for (std::size_t k = 0; k < rows; ++k) {
        const std::size_t y = (2 * k + 1) * (size_y - 1) / (2 * rows);
        const T* row = slab.row(y, z);
        const T* below = slab.row(y + 1, z);
        const T* behind = slab.row(y, z + 1);
        for (std::size_t x = 0; x < size_x; ++x) {
          between += static_cast<std::size_t>(row[x] != behind[x]);
          within += static_cast<std::size_t>(row[x] != below[x]);
        }
      }
    }
    return between > 10 * within;
  });
}

}  // namespace segpresso::native
