// Segpresso's own stream (docs/format.md): independent blocks, and an index that tells of all.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "segpresso/label_view.hpp"
#include "segpresso/limits.hpp"

namespace segpresso::native {

using Bytes = std::span<const std::uint8_t>;

// Positions or sizes along x, y, z and w: x is the axis that is fastest in the array's memory, w
// the slowest of arrays with four axes. Axes of size 1 come last.
using Vector4 = std::array<std::size_t, 4>;

// Voxels from `begin` up to, but not including, `end`.
struct Box {
  Vector4 begin{};
  Vector4 end{};

  [[nodiscard]] bool empty() const noexcept;
};

// Volumes of the same shape, type and strides, `stride` bytes apart.
template <class View>
struct Series {
  View first;
  std::size_t count = 1;
  std::ptrdiff_t stride = 0;

  [[nodiscard]] View volume(std::size_t w) const noexcept {
    View view = first;
    view.data += static_cast<std::ptrdiff_t>(w) * stride;
    return view;
  }
  [[nodiscard]] Vector4 sizes() const noexcept {
    return {first.shape.x, first.shape.y, first.shape.z, count};
  }
};
using LabelSeries = Series<LabelView>;
using MutableLabelSeries = Series<MutableLabelView>;

enum class NumberKind : std::uint8_t { unsigned_integer, signed_integer, boolean };

struct NumberType {
  LabelType width = LabelType::u8;
  NumberKind kind = NumberKind::unsigned_integer;

  bool operator==(const NumberType&) const = default;
};

// What an array is, besides its labels.
struct ArrayInfo {
  NumberType type;
  std::vector<std::size_t> shape;  // 0 to 4 axes, in the array's own order
  bool fortran_order = false;      // whether the first axis is x, and not the last

  [[nodiscard]] Vector4 sizes() const;
};

enum class Profile : std::uint8_t { fast, balanced, small };

struct Options {
  Profile profile = Profile::balanced;
  std::array<std::size_t, 3> block{};  // x, y, z; all zero: chosen by the encoder
  bool statistics = false;
};

// The shape (x, y, z) that blocks of volumes of these sizes get unless it is given. Where
// neighbouring slices have nothing to do with each other, blocks are large slices and few of them.
std::array<std::size_t, 3> choose_block_shape(const Vector4& sizes, Profile profile,
                                              bool slices_unrelated);

// `labels` has the array's sizes; signed labels are given as their bits. Small streams of one block
// are short ones (docs/format.md section 1.2).
std::vector<std::uint8_t> encode(const ArrayInfo& array, const LabelSeries& labels,
                                 const Options& options, unsigned threads);

// Writes a stream piece by piece along the array's slowest axis, whose size need not be known.
class StreamEncoder {
 public:
  // The slowest size in `array.shape` is not looked at.
  StreamEncoder(const ArrayInfo& array, const Options& options, unsigned threads);
  ~StreamEncoder();
  StreamEncoder(StreamEncoder&&) noexcept;

  // All slabs but the last must be a multiple of this along the slowest axis.
  [[nodiscard]] std::size_t depth() const noexcept;
  // Each returns the next bytes of the stream. A slab that is at most as deep as this may also come
  // in parts: any boxes of blocks that follow each other in raster order.
  std::vector<std::uint8_t> add(const LabelSeries& slab);
  std::vector<std::uint8_t> finish();

 private:
  friend std::vector<std::uint8_t> encode(const ArrayInfo&, const LabelSeries&, const Options&,
                                          unsigned);

  struct State;
  std::unique_ptr<State> state_;
};

// Bytes of a stream.
struct Extent {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

// How a block is coded.
enum class Method : std::uint8_t { constant, packed, fast, balanced, small };
inline constexpr std::size_t method_count = 5;

// A part of a stream.
struct Section {
  const char* name;
  std::uint64_t bytes;
};

// What is known of each label; boxes are in axes x, y, z, w.
struct LabelStatistics {
  std::vector<std::uint64_t> counts;
  std::vector<Box> boxes;
};

// The index of a stream: everything but the structure of its blocks.
class StreamIndex {
 public:
  // Streams of one block have another layout, up to this size (docs/format.md section 1.2).
  static constexpr std::size_t most_short_bytes = std::size_t{1} << 16;
  // How many bytes from the end of a stream, if it has so many, tell where its index is: all of a
  // short stream, and of others most indices as a whole.
  static constexpr std::size_t tail_bytes = most_short_bytes;
  // How many bytes at the beginning of a stream tell what it is.
  static constexpr std::size_t front_bytes = 5;
  static void check_front(Bytes front, std::uint64_t stream_bytes);
  // `tail` holds the stream's last `tail_bytes`, or all. The extent reaches to the end of the
  // stream; of short streams it is all.
  static Extent locate(Bytes tail, std::uint64_t stream_bytes);

  // `bytes` are those of `locate`.
  StreamIndex(Bytes bytes, std::uint64_t stream_bytes, const Limits& limits);
  ~StreamIndex();
  StreamIndex(StreamIndex&&) noexcept;

  [[nodiscard]] const ArrayInfo& array() const noexcept;
  [[nodiscard]] Profile profile() const noexcept;
  [[nodiscard]] Vector4 sizes() const noexcept;
  [[nodiscard]] Vector4 block_shape() const noexcept;
  [[nodiscard]] std::vector<Section> sections() const;
  [[nodiscard]] std::array<std::size_t, method_count> methods() const;

  [[nodiscard]] std::size_t block_count() const noexcept;
  [[nodiscard]] Box box_of(std::size_t block) const;
  // Payload and, unless the stream is short, checksum; empty for constant blocks.
  [[nodiscard]] Extent extent_of(std::size_t block) const;
  // The blocks that share voxels with a box, in order.
  [[nodiscard]] std::vector<std::size_t> blocks_in(const Box& box) const;
  // Raises an error unless `bytes` are those of the block.
  void check_block(std::size_t block, Bytes bytes) const;

  // Distinct labels, ascending; those of signed types as bits.
  [[nodiscard]] std::vector<std::uint64_t> labels() const;
  // Indices into `labels`, ascending.
  [[nodiscard]] std::vector<std::uint32_t> labels_of(std::size_t block) const;
  [[nodiscard]] std::vector<std::size_t> blocks_with(std::uint64_t label) const;

  [[nodiscard]] bool has_statistics() const noexcept;
  [[nodiscard]] Extent statistics_extent() const noexcept;
  void check_statistics(Bytes section) const;
  // Of `labels`, from the bytes of that extent.
  [[nodiscard]] LabelStatistics statistics(Bytes section) const;

  // Decodes a box into `out`, which has its sizes. `blocks` are those of `blocks_in`, `payloads`
  // the bytes of their extents. Labels are converted to `type` and must be the same numbers there.
  void decode(const Box& box, std::span<const std::size_t> blocks, std::span<const Bytes> payloads,
              const MutableLabelSeries& out, NumberType type, const Limits& limits,
              unsigned threads) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace segpresso::native
