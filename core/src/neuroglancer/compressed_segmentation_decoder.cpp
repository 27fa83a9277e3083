// Reads compressed_segmentation (docs/streams.md section 5).
#include <algorithm>
#include <cstring>
#include <limits>
#include <type_traits>

#include "base/byte_reader.hpp"
#include "base/thread_team.hpp"
#include "labels/label_target.hpp"
#include "labels/row_stage.hpp"
#include "neuroglancer/block_grid.hpp"
#include "neuroglancer/expand_block.hpp"
#include "neuroglancer/index_bits.hpp"
#include "segpresso/neuroglancer.hpp"

namespace segpresso::neuroglancer {
namespace {

template <class T>
class ChannelDecoder {
 public:
  // `words` are those of the channel: offsets count from its first.
  ChannelDecoder(const PackedArray& words, const MutableLabelView& out, const BlockSize& block)
      : words_(words),
        shape_(out.shape),
        block_(block),
        block_voxels_(std::size_t{block.x} * block.y * block.z),
        grid_x_(divide_up(shape_.x, std::size_t{block.x})),
        grid_y_(divide_up(shape_.y, std::size_t{block.y})),
        target_(out) {
    const std::size_t headers = checked_multiply(2 * grid_x_, rows(), "the block headers");
    if (headers > words_.size()) {
      words_.fail(ErrorKind::truncated, "the block headers do not fit the stream", words_.size());
    }
  }

  // Rows of blocks, which are decoded side by side: layers would be too few for even shares.
  [[nodiscard]] std::size_t rows() const noexcept {
    return grid_y_ * divide_up(shape_.z, std::size_t{block_.z});
  }

  // What a thread reuses from row to row.
  struct Scratch {
    std::vector<T> table;
    RowStage<T> stage;
  };

  void decode_row(std::size_t row, Scratch& scratch) const {
    const std::size_t per_piece = staged_blocks();
    if (per_piece == 0) return decode_blocks(row, 0, grid_x_, {target_, {}}, scratch.table);
    for (std::size_t i = 0; i < grid_x_; i += per_piece) {
      const std::size_t end = std::min(grid_x_, i + per_piece);
      Box piece = box_of(i, row);
      piece.size.x = std::min<std::size_t>(shape_.x, end * block_.x) - piece.origin.x;
      const LabelTarget<T> stage = scratch.stage.open(piece.size);
      decode_blocks(row, i, end, {stage, piece.origin}, scratch.table);
      scratch.stage.flush(target_, piece.origin);
    }
  }

 private:
  // Streams hold labels of 32 or 64 bits; narrower ones are read from the former.
  static constexpr std::size_t words_per_label = sizeof(T) == 8 ? 2 : 1;

  using Wide = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;

  static constexpr const char* wrong_index =
      "an index points behind its table, or to a label that does not fit the type of the voxels";

  // Below, the volume itself is in cache: 64^3 uint32 takes twice the time with a stage, 256^2 x 64
  // (16 MiB) is 1.4 times as fast.
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
  static constexpr std::size_t large_bytes = std::size_t{1} << 12;  // within fuzzers' reach
#else
  static constexpr std::size_t large_bytes = std::size_t{1} << 24;
#endif

  struct Box {
    Shape origin;
    Shape size;
  };

  // Where blocks go: `target` begins at voxel `origin` of the volume.
  struct Destination {
    const LabelTarget<T>& target;
    Shape origin;
  };

  struct Block {
    std::uint64_t header;
    unsigned bits;
    std::size_t values_at;
    std::size_t value_words;
  };

  // Blocks of a row that are put together in cache, 0 if they are to be written one by one.
  [[nodiscard]] std::size_t staged_blocks() const noexcept {
    constexpr std::size_t stage_bytes = std::size_t{1} << 17;  // fits second-level caches
    if (target_.contiguous_row(0, 0) == nullptr) return 0;
    if (shape_.voxels() * sizeof(T) < large_bytes) return 0;
    return stage_bytes / (sizeof(T) * block_voxels_);
  }

  [[nodiscard]] Box box_of(std::size_t i, std::size_t row) const noexcept {
    const Shape origin{i * block_.x, row % grid_y_ * block_.y, row / grid_y_ * block_.z};
    return {origin,
            {std::min<std::size_t>(block_.x, shape_.x - origin.x),
             std::min<std::size_t>(block_.y, shape_.y - origin.y),
             std::min<std::size_t>(block_.z, shape_.z - origin.z)}};
  }

  // Blocks [i, end) of a row. `table` is memory to use.
  void decode_blocks(std::size_t row, std::size_t i, std::size_t end, const Destination& to,
                     std::vector<T>& table) const {
    while (i < end) {
      const Block block = read_block(i + grid_x_ * row, table);
      Box box = box_of(i, row);
      ++i;
      if (block.bits == 0) {
        // Neighbours of one label are filled together: short fills cost more than their stores.
        for (; i < end && is_same(i + grid_x_ * row, block); ++i) {
          box.size.x += box_of(i, row).size.x;
        }
      }
      box.origin = {box.origin.x - to.origin.x, box.origin.y - to.origin.y,
                    box.origin.z - to.origin.z};
      if (block.bits == 0) {
        fill(to.target, box, table[0]);
      } else if (!decode_whole_block(to.target, box, block, table)) {
        decode_any_block(to.target, box, block, table);
      }
    }
  }

  // Checks a block's header and reads its table.
  Block read_block(std::size_t number, std::vector<T>& table) const {
    const std::size_t at = 2 * number;
    Block block{words_[at], 0, words_[at + 1], 0};
    block.bits = static_cast<unsigned>(block.header >> 24);
    if (!is_index_bits(block.bits)) {
      words_.fail(block.bits == 32 ? ErrorKind::unsupported : ErrorKind::corrupt,
                  std::to_string(block.bits) + " bits per index are not allowed", at);
    }
    block.value_words = divide_up(block_voxels_ * block.bits, std::size_t{32});
    if (block.values_at > words_.size() || block.value_words > words_.size() - block.values_at) {
      words_.fail(ErrorKind::truncated, "the values of a block lie behind the end", at + 1);
    }
    read_table(block.header & 0xFFFFFF, block.bits, at, table);
    return block;
  }

  // Whether a block is uniform and has the table of another uniform one.
  [[nodiscard]] bool is_same(std::size_t number, const Block& block) const {
    return words_[2 * number] == block.header;
  }

  void decode_any_block(const LabelTarget<T>& target, const Box& box, const Block& block,
                        const std::vector<T>& table) const {
    switch (block.bits) {
      case 1:
        return expand<1>(target, box, table, block.values_at);
      case 2:
        return expand<2>(target, box, table, block.values_at);
      case 4:
        return expand<4>(target, box, table, block.values_at);
      case 8:
        return expand<8>(target, box, table, block.values_at);
      default:
        return expand<16>(target, box, table, block.values_at);
    }
  }

  // The kernels' case: a block of 8^3 labels within the volume, all of whose indices have entries.
  bool decode_whole_block(const LabelTarget<T>& target, const Box& box, const Block& block,
                          std::vector<T>& table) const {
    if constexpr (sizeof(T) >= 4) {
      constexpr std::size_t entries = 16;
      T* out = target.contiguous_row(box.origin.y, box.origin.z);
      if (out == nullptr || block.bits > 4 || table.size() != std::size_t{1} << block.bits ||
          box.size != Shape{8, 8, 8} || block_voxels_ != 512) {
        return false;
      }
      table.resize(entries);
      expand_(table.data(), words_.bytes_of(block.values_at, block.value_words), block.bits,
              out + box.origin.x, target.y_stride() / static_cast<std::ptrdiff_t>(sizeof(T)),
              target.z_stride() / static_cast<std::ptrdiff_t>(sizeof(T)));
      return true;
    }
    return false;
  }

  // All entries that indices of `bits` bits can reach, as far as the stream goes: the length of a
  // table is not stored.
  void read_table(std::size_t at, unsigned bits, std::size_t header, std::vector<T>& table) const {
    const std::size_t available = at < words_.size() ? (words_.size() - at) / words_per_label : 0;
    if (available == 0) words_.fail(ErrorKind::truncated, "a table lies behind the end", header);
    table.resize(std::min({std::size_t{1} << bits, block_voxels_, available}));
    if constexpr (sizeof(T) >= 4) {
      std::memcpy(table.data(), words_.bytes_of(at, table.size() * words_per_label),
                  table.size() * sizeof(T));
    } else {
      for (std::size_t i = 0; i < table.size(); ++i) {
        const std::uint64_t label = words_[at + i];
        // Behind a table's end may stand anything; what does not fit is an error if it is used.
        if (label > std::numeric_limits<T>::max()) {
          if (i == 0) words_.fail(ErrorKind::corrupt, wrong_index, header);
          table.resize(i);
          return;
        }
        table[i] = static_cast<T>(label);
      }
    }
  }

  void fill(const LabelTarget<T>& target, const Box& box, T label) const {
    for (std::size_t dz = 0; dz < box.size.z; ++dz) {
      for (std::size_t dy = 0; dy < box.size.y; ++dy) {
        target.fill(box.origin.x, box.origin.x + box.size.x, box.origin.y + dy, box.origin.z + dz,
                    label);
      }
    }
  }

  template <unsigned Bits>
  void expand(const LabelTarget<T>& target, const Box& box, const std::vector<T>& table,
              std::size_t values_at) const {
    for (std::size_t dz = 0; dz < box.size.z; ++dz) {
      for (std::size_t dy = 0; dy < box.size.y; ++dy) {
        expand_row<Bits>(target, box, dy, dz, table, values_at);
      }
    }
  }

  template <unsigned Bits>
  void expand_row(const LabelTarget<T>& target, const Box& box, std::size_t dy, std::size_t dz,
                  const std::vector<T>& table, std::size_t values_at) const {
    constexpr std::uint64_t mask = (std::uint64_t{1} << Bits) - 1;
    constexpr std::size_t per_word = 32 / Bits;
    const std::size_t position = block_.x * (dy + block_.y * dz);
    const std::size_t y = box.origin.y + dy;
    const std::size_t z = box.origin.z + dz;
    T* row = target.contiguous_row(y, z);
    for (std::size_t dx = 0; dx < box.size.x;) {
      const std::size_t p = position + dx;
      std::uint64_t word = words_[values_at + p / per_word] >> (Bits * (p % per_word));
      const std::size_t count = std::min(per_word - p % per_word, box.size.x - dx);
      for (std::size_t i = 0; i < count; ++i, word >>= Bits) {
        const std::size_t index = word & mask;
        if (index >= table.size()) [[unlikely]] {
          words_.fail(ErrorKind::corrupt, wrong_index, values_at + p / per_word);
        }
        const std::size_t x = box.origin.x + dx + i;
        (row != nullptr ? row[x] : target.at(x, y, z)) = table[index];
      }
      dx += count;
    }
  }

  const PackedArray& words_;
  Shape shape_;
  BlockSize block_;
  std::size_t block_voxels_;
  std::size_t grid_x_;
  std::size_t grid_y_;
  LabelTarget<T> target_;
  // Streams hold 32 or 64 bits; the kernels write no narrower labels.
  ExpandBlock<Wide> expand_ = expand_block_kernels(active_simd()).of<Wide>();
};

template <class T>
void decode_channel(const PackedArray& words, const MutableLabelView& out, const BlockSize& block,
                    ThreadTeam& team) {
  const ChannelDecoder<T> decoder(words, out, block);
  std::vector<typename ChannelDecoder<T>::Scratch> scratch(team.size());
  team.for_each_apart(decoder.rows(), [&](std::size_t row, unsigned worker) {
    decoder.decode_row(row, scratch[worker]);
  });
}

}  // namespace

void decode_compressed_segmentation(Bytes stream, std::span<const MutableLabelView> channels,
                                    const BlockSize& block, const Limits& limits,
                                    unsigned threads) {
  if (channels.empty()) throw Error(ErrorKind::invalid_argument, "there are no channels");
  check_block_size(block);
  if (stream.size() % 4 != 0) {
    throw Error(ErrorKind::truncated, "the stream is not a whole number of 32-bit words", "stream",
                stream.size());
  }
  ThreadTeam team(useful_threads(threads, channels[0].shape.voxels()));
  ByteReader prefix_reader(stream);
  const PackedArray prefix = prefix_reader.array(channels.size(), 4, "channel offsets");
  if (prefix[0] != channels.size()) {
    prefix.fail(ErrorKind::corrupt,
                "the first channel does not begin behind the channel offsets; is the number of "
                "channels right?",
                0);
  }
  std::size_t bytes = 0;
  for (std::size_t c = 0; c < channels.size(); ++c) {
    const MutableLabelView& out = channels[c];
    bytes += checked_multiply(checked_voxels(out.shape), width_of(out.type), "the channel");
    if (bytes > limits.max_bytes) {
      throw Error(ErrorKind::limit, "the volume takes more than the limit of " +
                                        std::to_string(limits.max_bytes) + " bytes");
    }
    if (out.shape.voxels() == 0) continue;
    const std::size_t offset = prefix[c];
    if (offset > stream.size() / 4) {
      prefix.fail(ErrorKind::truncated, "a channel begins behind the end", c);
    }
    ByteReader reader(stream);
    reader.array(offset, 4, "channel");
    const PackedArray words = reader.array(reader.remaining() / 4, 4, "channel");
    with_label_type(out.type, [&]<class T>() { decode_channel<T>(words, out, block, team); });
  }
}

}  // namespace segpresso::neuroglancer
