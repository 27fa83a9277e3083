// Writes compressed_segmentation (docs/streams.md section 5).
//
// Blocks are analysed side by side, a few layers at a time; offsets and shared tables depend on all
// blocks before, so the stream is put together by one thread, which only copies.
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <span>
#include <unordered_map>

#include "base/arithmetic.hpp"
#include "base/thread_team.hpp"
#include "labels/slab_reader.hpp"
#include "neuroglancer/block_grid.hpp"
#include "neuroglancer/block_labels.hpp"
#include "neuroglancer/index_bits.hpp"
#include "segpresso/neuroglancer.hpp"

namespace segpresso::neuroglancer {
namespace {

using Words = std::vector<std::uint32_t>;

// Headers have 24 bits for table offsets, and Neuroglancer reads no more of value offsets either.
constexpr std::size_t max_offset = std::size_t{1} << 24;

[[noreturn]] void fail_too_large() {
  throw Error(ErrorKind::unsupported,
              "a channel takes more than 64 MiB, which the format's 24-bit offsets cannot address; "
              "encode the volume in chunks");
}

template <unsigned Bits>
void append_packed(const std::vector<std::uint16_t>& indices, Words& words) {
  constexpr std::size_t per_word = 32 / Bits;
  const auto pack = [&](std::size_t first, std::size_t count) {
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < count; ++k) {
      word |= static_cast<std::uint32_t>(indices[first + k]) << (Bits * k);
    }
    words.push_back(word);
  };
  const std::size_t rest = indices.size() % per_word;
  const std::size_t whole = indices.size() - rest;
  for (std::size_t i = 0; i < whole; i += per_word) pack(i, per_word);
  if (rest != 0) pack(whole, rest);
}

void append_packed(unsigned bits, const std::vector<std::uint16_t>& indices, Words& words) {
  switch (bits) {
    case 1:
      return append_packed<1>(indices, words);
    case 2:
      return append_packed<2>(indices, words);
    case 4:
      return append_packed<4>(indices, words);
    case 8:
      return append_packed<8>(indices, words);
    case 16:
      return append_packed<16>(indices, words);
    default:
      return;
  }
}

// The blocks of one layer of the grid, in raster order.
struct Layer {
  struct Block {
    unsigned bits;
    std::size_t value_words;
    std::size_t table_words;
    std::uint64_t table_hash;
  };
  std::vector<Block> blocks;
  Words values;
  Words tables;
};

// Labels of 64 bits take two words, low one first; all others one.
template <class T>
std::uint64_t append_table(const std::vector<T>& table, Words& words) {
  std::uint64_t hash = table.size();
  for (const std::uint64_t label : table) {
    words.push_back(static_cast<std::uint32_t>(label));
    if constexpr (sizeof(T) == 8) words.push_back(static_cast<std::uint32_t>(label >> 32));
    hash = (std::rotl(hash, 23) ^ label) * 0x9E3779B97F4A7C15;
  }
  return hash;
}

template <class T>
class LayerEncoder {
 public:
  void encode(const LabelView& labels, const BlockSize& block, std::size_t k, Layer& layer) {
    const std::size_t z_begin = k * block.z;
    const std::size_t z_end = std::min(labels.shape.z, z_begin + block.z);
    rows_.open(labels, z_begin, z_end);
    layer.blocks.clear();
    layer.values.clear();
    layer.tables.clear();
    for (std::size_t y = 0; y < labels.shape.y; y += block.y) {
      const std::size_t y_end = std::min(labels.shape.y, y + block.y);
      for (std::size_t x = 0; x < labels.shape.x; x += block.x) {
        const std::size_t width = std::min<std::size_t>(labels.shape.x - x, block.x);
        read_block({x, y, z_begin}, {width, y_end - y, z_end - z_begin}, block);
        append_block(layer);
      }
    }
  }

 private:
  void read_block(const Shape& origin, const Shape& size, const BlockSize& block) {
    const T first = rows_.row(origin.y, origin.z)[origin.x];
    if (is_uniform(origin, size, first)) {
      labels_.reset_uniform(first);
      return;
    }
    labels_.reset(std::size_t{block.x} * block.y * block.z);
    // Sorting renumbers all indices: none may be left from a block with more labels.
    clear_outside(size, block);
    for (std::size_t dz = 0; dz < size.z; ++dz) {
      for (std::size_t dy = 0; dy < size.y; ++dy) {
        labels_.add_row(rows_.row(origin.y + dy, origin.z + dz) + origin.x, size.x,
                        block.x * (dy + block.y * dz));
      }
    }
    labels_.sort();
    clear_outside(size, block);
  }

  // Positions of the nominal block that lie outside the volume hold index 0.
  void clear_outside(const Shape& size, const BlockSize& block) {
    if (size == Shape{block.x, block.y, block.z}) return;
    for (std::size_t dz = 0; dz < block.z; ++dz) {
      for (std::size_t dy = 0; dy < block.y; ++dy) {
        const std::size_t covered = dy < size.y && dz < size.z ? size.x : 0;
        labels_.clear_indices(block.x * (dy + block.y * dz) + covered, block.x - covered);
      }
    }
  }

  [[nodiscard]] bool is_uniform(const Shape& origin, const Shape& size, T label) const {
    for (std::size_t dz = 0; dz < size.z; ++dz) {
      for (std::size_t dy = 0; dy < size.y; ++dy) {
        const T* row = rows_.row(origin.y + dy, origin.z + dz) + origin.x;
        T differs = 0;  // no early exit: rows are short, and this loop is vectorised
        for (std::size_t dx = 0; dx < size.x; ++dx) differs |= static_cast<T>(row[dx] ^ label);
        if (differs != 0) return false;
      }
    }
    return true;
  }

  void append_block(Layer& layer) {
    const std::vector<T>& table = labels_.table();
    const unsigned bits = index_bits(table.size());
    const std::size_t values = layer.values.size();
    const std::size_t tables = layer.tables.size();
    append_packed(bits, labels_.indices(), layer.values);
    const std::uint64_t hash = append_table(table, layer.tables);
    // A layer alone is more than a channel can hold: no need to go on.
    if (layer.values.size() > max_offset) fail_too_large();
    layer.blocks.push_back(
        {bits, layer.values.size() - values, layer.tables.size() - tables, hash});
  }

  SlabReader<T> rows_;
  BlockLabels<T> labels_;
};

constexpr std::size_t word_bytes = sizeof(std::uint32_t);

// Puts the blocks of one channel behind each other.
class ChannelWriter {
 public:
  ChannelWriter(std::vector<std::uint8_t>& out, std::size_t blocks)
      : out_(out), start_(out.size()) {
    out_.resize(start_ + 2 * blocks * word_bytes);
  }

  void append(const Layer& layer) {
    const std::uint32_t* values = layer.values.data();
    const std::uint32_t* table = layer.tables.data();
    for (const Layer::Block& block : layer.blocks) {
      const std::size_t values_at = offset();
      append_words({values, block.value_words});
      const std::size_t table_at = place_table({table, block.table_words}, block.table_hash);
      if (table_at >= max_offset || values_at >= max_offset) {
        fail_too_large();
      }
      const std::array header{static_cast<std::uint32_t>(table_at | block.bits << 24),
                              static_cast<std::uint32_t>(values_at)};
      std::memcpy(out_.data() + start_ + block_ * sizeof header, header.data(), sizeof header);
      ++block_;
      values += block.value_words;
      table += block.table_words;
    }
  }

 private:
  struct Table {
    std::size_t offset;
    std::size_t words;
  };
  using Words = std::span<const std::uint32_t>;

  // In words, as the format counts.
  [[nodiscard]] std::size_t offset() const noexcept { return (out_.size() - start_) / word_bytes; }

  void append_words(Words words) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(words.data());
    out_.insert(out_.end(), bytes, bytes + words.size_bytes());
  }

  [[nodiscard]] bool is_at(const Table& table, Words words) const noexcept {
    return table.words == words.size() &&
           std::memcmp(out_.data() + start_ + table.offset * word_bytes, words.data(),
                       words.size_bytes()) == 0;
  }

  // Offset of an equal table written before, or of a new one.
  std::size_t place_table(Words words, std::uint64_t hash) {
    // Neighbouring blocks often share a table: no look-up then.
    if (is_at(last_, words)) return last_.offset;
    const auto [first, last] = tables_.equal_range(hash);
    for (auto at = first; at != last; ++at) {
      if (is_at(at->second, words)) {
        last_ = at->second;
        return last_.offset;
      }
    }
    last_ = {offset(), words.size()};
    tables_.emplace(hash, last_);
    append_words(words);
    return last_.offset;
  }

  std::vector<std::uint8_t>& out_;
  std::size_t start_;
  std::size_t block_ = 0;
  Table last_{0, 0};
  std::unordered_multimap<std::uint64_t, Table> tables_;
};

template <class T>
void encode_channel(const LabelView& labels, const BlockSize& block, ThreadTeam& team,
                    std::vector<std::uint8_t>& out) {
  const std::size_t grid_z = divide_up(labels.shape.z, std::size_t{block.z});
  const std::size_t blocks = divide_up(labels.shape.x, std::size_t{block.x}) *
                             divide_up(labels.shape.y, std::size_t{block.y}) * grid_z;
  ChannelWriter writer(out, blocks);
  std::vector<LayerEncoder<T>> encoders(team.size());
  std::vector<Layer> layers(team.size() == 1 ? 1 : 8 * team.size());
  for (std::size_t k = 0; k < grid_z; k += layers.size()) {
    const std::size_t count = std::min(layers.size(), grid_z - k);
    team.for_each(count, [&](std::size_t i, unsigned worker) {
      encoders[worker].encode(labels, block, k + i, layers[i]);
    });
    for (std::size_t i = 0; i < count; ++i) writer.append(layers[i]);
  }
}

}  // namespace

std::vector<std::uint8_t> encode_compressed_segmentation(std::span<const LabelView> channels,
                                                         const BlockSize& block, unsigned threads) {
  if (channels.empty()) throw Error(ErrorKind::invalid_argument, "there are no channels");
  check_block_size(block);
  ThreadTeam team(useful_threads(threads, channels[0].shape.voxels()));
  std::vector<std::uint8_t> out;
  Words offsets(channels.size(), static_cast<std::uint32_t>(channels.size()));
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
