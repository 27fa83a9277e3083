// The Compresso paper's Neuroglancer variant (docs/streams.md section 6): 64-bit words, blocks of
// 8^3 in chunks of 64^3.
#include <algorithm>
#include <array>
#include <limits>

#include "base/arithmetic.hpp"
#include "base/byte_reader.hpp"
#include "base/byte_writer.hpp"
#include "base/thread_team.hpp"
#include "labels/label_target.hpp"
#include "labels/slab_reader.hpp"
#include "neuroglancer/block_labels.hpp"
#include "neuroglancer/index_bits.hpp"
#include "segpresso/neuroglancer.hpp"

namespace segpresso::neuroglancer {
namespace {

constexpr std::size_t block_size = 8;
constexpr std::size_t block_voxels = block_size * block_size * block_size;
constexpr std::size_t chunk_size = 64;
// Words of a chunk before its blocks: length, padded z y x, real z y x.
constexpr std::size_t chunk_header = 7;

struct Chunk {
  Shape origin;
  Shape size;

  [[nodiscard]] Shape padded() const noexcept {
    return {round_up(size.x, block_size), round_up(size.y, block_size),
            round_up(size.z, block_size)};
  }
  [[nodiscard]] Shape grid() const noexcept {
    const Shape whole = padded();
    return {whole.x / block_size, whole.y / block_size, whole.z / block_size};
  }
};

// Chunks in raster order.
class ChunkGrid {
 public:
  explicit ChunkGrid(const Shape& shape)
      : shape_(shape),
        x_(divide_up(shape.x, chunk_size)),
        y_(divide_up(shape.y, chunk_size)),
        z_(divide_up(shape.z, chunk_size)) {}

  [[nodiscard]] std::size_t size() const { return checked_voxels({x_, y_, z_}); }

  [[nodiscard]] Chunk operator[](std::size_t i) const noexcept {
    const Shape origin{i % x_ * chunk_size, i / x_ % y_ * chunk_size, i / x_ / y_ * chunk_size};
    return {origin,
            {std::min(chunk_size, shape_.x - origin.x), std::min(chunk_size, shape_.y - origin.y),
             std::min(chunk_size, shape_.z - origin.z)}};
  }

 private:
  Shape shape_;
  std::size_t x_;
  std::size_t y_;
  std::size_t z_;
};

// ---- encoding ---------------------------------------------------------------------------------

// Which voxel of an axis of `size` voxels stands at a padded position: the chunk is mirrored, its
// last voxel not repeated.
std::size_t mirrored(std::size_t position, std::size_t size) noexcept {
  if (size == 1) return 0;
  const std::size_t period = 2 * (size - 1);
  const std::size_t i = position % period;
  return std::min(i, period - i);
}

template <class T>
class ChunkEncoder {
 public:
  void encode(const LabelView& labels, const Chunk& chunk, std::vector<std::uint64_t>& words) {
    const Shape padded = chunk.padded();
    const Shape grid = chunk.grid();
    words.assign({0, padded.z, padded.y, padded.x, chunk.size.z, chunk.size.y, chunk.size.x});
    words.resize(chunk_header + grid.voxels());
    open(labels, chunk);
    std::size_t header = chunk_header;
    for (std::size_t k = 0; k < grid.z; ++k) {
      for (std::size_t j = 0; j < grid.y; ++j) {
        for (std::size_t i = 0; i < grid.x; ++i) {
          read_block(chunk, {i * block_size, j * block_size, k * block_size});
          append_block(header++, words);
        }
      }
    }
    words.push_back(0);  // a spare word closes each chunk
    words[0] = words.size();
  }

 private:
  void open(const LabelView& labels, const Chunk& chunk) {
    LabelView part = labels;
    part.shape = chunk.size;
    part.data += static_cast<std::ptrdiff_t>(chunk.origin.x) * labels.strides[0] +
                 static_cast<std::ptrdiff_t>(chunk.origin.y) * labels.strides[1] +
                 static_cast<std::ptrdiff_t>(chunk.origin.z) * labels.strides[2];
    rows_.open(part, 0, chunk.size.z);
  }

  void read_block(const Chunk& chunk, const Shape& at) {
    labels_.reset(block_voxels);
    std::array<T, block_size> row;
    for (std::size_t p = 0; p < block_voxels; p += block_size) {
      const std::size_t y = mirrored(at.y + p / block_size % block_size, chunk.size.y);
      const std::size_t z = mirrored(at.z + p / block_size / block_size, chunk.size.z);
      const T* source = rows_.row(y, z);
      if (at.x + block_size <= chunk.size.x) {
        labels_.add_row(source + at.x, block_size, p);
        continue;
      }
      for (std::size_t dx = 0; dx < block_size; ++dx) {
        row[dx] = source[mirrored(at.x + dx, chunk.size.x)];
      }
      labels_.add_row(row.data(), block_size, p);
    }
    labels_.sort();
  }

  void append_block(std::size_t header, std::vector<std::uint64_t>& words) const {
    const unsigned bits = index_bits(labels_.table().size());
    const std::uint64_t values_at = words.size();
    if (bits > 0) {
      const std::size_t per_word = 64 / bits;
      const std::vector<std::uint16_t>& indices = labels_.indices();
      for (std::size_t p = 0; p < block_voxels; p += per_word) {
        std::uint64_t word = 0;  // the first voxel ends in the most significant bits
        for (std::size_t i = 0; i < per_word; ++i) word = word << bits | indices[p + i];
        words.push_back(word);
      }
    }
    const std::uint64_t table_at = words.size();
    words.insert(words.end(), labels_.table().begin(), labels_.table().end());
    words[header] = table_at << 40 | std::uint64_t{bits} << 32 | values_at;
  }

  SlabReader<T> rows_;
  BlockLabels<T> labels_;
};

template <class T>
std::vector<std::uint8_t> encode(const LabelView& labels, unsigned threads) {
  ByteWriter out;
  out.write(std::uint64_t{labels.shape.z});
  out.write(std::uint64_t{labels.shape.y});
  out.write(std::uint64_t{labels.shape.x});
  if (labels.shape.voxels() == 0) return out.take();
  const ChunkGrid chunks(labels.shape);
  ThreadTeam team(useful_threads(threads, labels.shape.voxels()));
  std::vector<ChunkEncoder<T>> encoders(team.size());
  std::vector<std::vector<std::uint64_t>> parts(team.size() == 1 ? 1 : 8 * team.size());
  for (std::size_t first = 0; first < chunks.size(); first += parts.size()) {
    const std::size_t count = std::min(parts.size(), chunks.size() - first);
    team.for_each(count, [&](std::size_t i, unsigned worker) {
      encoders[worker].encode(labels, chunks[first + i], parts[i]);
    });
    for (std::size_t i = 0; i < count; ++i) {
      out.write_all(std::span<const std::uint64_t>(parts[i]));
    }
  }
  return out.take();
}

// ---- decoding ---------------------------------------------------------------------------------

constexpr const char* chunk_section = "chunk";

template <class T>
class ChunkDecoder {
 public:
  ChunkDecoder(const PackedArray& words, const Chunk& chunk, const LabelTarget<T>& target)
      : words_(words), chunk_(chunk), target_(target) {}

  void decode() const {
    const Shape grid = chunk_.grid();
    std::size_t header = chunk_header;
    for (std::size_t k = 0; k < grid.z; ++k) {
      for (std::size_t j = 0; j < grid.y; ++j) {
        for (std::size_t i = 0; i < grid.x; ++i) {
          decode_block({i * block_size, j * block_size, k * block_size}, header++);
        }
      }
    }
  }

 private:
  void decode_block(const Shape& at, std::size_t header) const {
    const std::uint64_t word = words_[header];
    const std::size_t table_at = word >> 40;
    const auto bits = static_cast<unsigned>(word >> 32 & 0xFF);
    const std::size_t values_at = word & 0xFFFFFFFF;
    if (!is_index_bits(bits)) {
      words_.fail(ErrorKind::corrupt, std::to_string(bits) + " bits per index are not allowed",
                  header);
    }
    const std::size_t per_word = bits > 0 ? 64 / bits : block_voxels;
    const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
    const Shape size{std::min(block_size, chunk_.size.x - at.x),
                     std::min(block_size, chunk_.size.y - at.y),
                     std::min(block_size, chunk_.size.z - at.z)};
    for (std::size_t dz = 0; dz < size.z; ++dz) {
      for (std::size_t dy = 0; dy < size.y; ++dy) {
        for (std::size_t dx = 0; dx < size.x; ++dx) {
          const std::size_t p = dx + block_size * (dy + block_size * dz);
          std::uint64_t index = 0;
          if (bits > 0) {
            const std::size_t shift = (per_word - 1 - p % per_word) * bits;
            index = words_[values_at + p / per_word] >> shift & mask;
          }
          const std::uint64_t label = words_[table_at + index];
          if (label > std::numeric_limits<T>::max()) {
            words_.fail(ErrorKind::unsupported,
                        "label " + std::to_string(label) + " does not fit the type of the voxels",
                        table_at + index);
          }
          target_.at(chunk_.origin.x + at.x + dx, chunk_.origin.y + at.y + dy,
                     chunk_.origin.z + at.z + dz) = static_cast<T>(label);
        }
      }
    }
  }

  const PackedArray& words_;
  const Chunk& chunk_;
  const LabelTarget<T>& target_;
};

// The words of each chunk, whose lengths and sizes are checked.
std::vector<PackedArray> split_chunks(ByteReader& reader, const ChunkGrid& grid) {
  // Each chunk has at least a header, a block and its table: no allocation for absent ones.
  if (grid.size() > reader.remaining() / (8 * (chunk_header + 3))) {
    reader.fail(ErrorKind::truncated, "fewer chunks than the volume has", chunk_section);
  }
  std::vector<PackedArray> chunks;
  chunks.reserve(grid.size());
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const Chunk chunk = grid[i];
    ByteReader ahead = reader;
    const auto length = ahead.read<std::uint64_t>(chunk_section);
    const PackedArray words = reader.array(length, 8, chunk_section);
    const Shape padded = chunk.padded();
    const std::array<std::size_t, chunk_header> expected{
        words.size(), padded.z, padded.y, padded.x, chunk.size.z, chunk.size.y, chunk.size.x};
    for (std::size_t field = 0; field < chunk_header; ++field) {
      if (words[field] != expected[field]) {
        words.fail(ErrorKind::corrupt, "the chunk's size contradicts the volume's", field);
      }
    }
    chunks.push_back(words);
  }
  if (reader.remaining() != 0) {
    reader.fail(ErrorKind::corrupt, "bytes follow the last chunk", chunk_section);
  }
  return chunks;
}

Shape read_shape(ByteReader& reader) {
  const PackedArray header = reader.array(3, 8, "header");
  const Shape shape{.x = header[2], .y = header[1], .z = header[0]};
  checked_voxels(shape);
  return shape;
}

}  // namespace

std::vector<std::uint8_t> encode_block_tables(const LabelView& labels, unsigned threads) {
  return with_label_type(labels.type, [&]<class T>() { return encode<T>(labels, threads); });
}

Shape shape_of_block_tables(Bytes stream) {
  ByteReader reader(stream);
  const Shape shape = read_shape(reader);
  split_chunks(reader, ChunkGrid(shape));
  return shape;
}

void decode_block_tables(Bytes stream, const MutableLabelView& out, const Limits& limits,
                         unsigned threads) {
  ByteReader reader(stream);
  const Shape shape = read_shape(reader);
  check_target(out, shape, limits);
  const ChunkGrid grid(shape);
  const std::vector<PackedArray> chunks = split_chunks(reader, grid);
  ThreadTeam team(useful_threads(threads, shape.voxels()));
  with_label_type(out.type, [&]<class T>() {
    const LabelTarget<T> target(out);
    team.for_each_apart(chunks.size(), [&](std::size_t i, unsigned) {
      const Chunk chunk = grid[i];
      ChunkDecoder<T>(chunks[i], chunk, target).decode();
    });
  });
}

}  // namespace segpresso::neuroglancer
