#include "native/statistics.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "entropy/adaptive_integer.hpp"
#include "entropy/bit_coder.hpp"

namespace segpresso::native {
namespace {

// The blocks, by place, between which all that hold a label lie; `end` is behind the last.
std::vector<Box> block_ranges(const Tables& tables, const BlockGrid& grid) {
  std::vector<Box> ranges(tables.labels.size());
  for (Box& range : ranges) range.begin.fill(SIZE_MAX);
  for (std::size_t i = 0; i < tables.blocks.size(); ++i) {
    const Vector4 place = grid.place(i);
    for (const std::uint32_t entry : tables.entries_of(tables.blocks[i])) {
      for (std::size_t axis = 0; axis < 4; ++axis) {
        Box& range = ranges[entry];
        range.begin[axis] = std::min(range.begin[axis], place[axis]);
        range.end[axis] = std::max(range.end[axis], place[axis] + 1);
      }
    }
  }
  return ranges;
}

// A label begins in the first of its blocks and ends in the last: what is coded is how far from
// their outer faces.
template <class Coder>
class StatisticsCoder {
 public:
  StatisticsCoder(Coder& coder, const BlockGrid& grid) : coder_(coder), grid_(grid) {}

  void code(EntryStatistics& statistics, const Box& blocks) {
    std::uint64_t most = 1;
    for (std::size_t axis = 0; axis < 4; ++axis) {
      code_axis(statistics.box, blocks, axis);
      most *= statistics.box.end[axis] - statistics.box.begin[axis];
    }
    code_count(statistics.count, most);
  }

 private:
  void code_axis(Box& box, const Box& blocks, std::size_t axis) {
    const std::size_t size = grid_.block()[axis];
    const std::size_t first = blocks.begin[axis] * size;
    const std::size_t last = (blocks.end[axis] - 1) * size;
    const std::size_t end = std::min(grid_.sizes()[axis], last + size);
    const std::size_t room = std::min(end, first + size) - first;
    // Labels touch the faces of the volume more often than those of blocks.
    const std::size_t before = first == 0 ? 1 : 0;
    const std::size_t after = end == grid_.sizes()[axis] ? 1 : 0;
    box.begin[axis] = first + code_distance(before_[axis][before], box.begin[axis] - first, room);
    const std::size_t least_end = std::max(box.begin[axis], last) + 1;
    box.end[axis] =
        end - code_distance(after_[axis][after], end - box.end[axis], end - least_end + 1);
  }

  // Below `room`.
  std::uint64_t code_distance(entropy::AdaptiveInteger& model, std::uint64_t distance,
                              std::uint64_t room) {
    if (room == 1) return 0;
    const std::uint64_t result = model.code(coder_, distance);
    if constexpr (Coder::decodes) {
      if (result >= room) coder_.fail("a box leaves the blocks of its label");
    }
    return result;
  }

  // 1 to `most`: how many bits less than `most`, and those below the leading one.
  void code_count(std::uint64_t& count, std::uint64_t most) {
    const auto most_bits = static_cast<std::uint64_t>(std::bit_width(most));
    const std::uint64_t less =
        fewer_bits_.code(coder_, most_bits - static_cast<std::uint64_t>(std::bit_width(count)));
    if constexpr (Coder::decodes) {
      if (less >= most_bits) coder_.fail("a label has no voxels");
    }
    const auto below = static_cast<unsigned>(most_bits - less - 1);
    const std::uint64_t leading = std::uint64_t{1} << below;
    count = leading | coder_.raw(below, count & (leading - 1));
    if constexpr (Coder::decodes) {
      if (count > most) coder_.fail("a label has more voxels than its box");
    }
  }

  Coder& coder_;
  const BlockGrid& grid_;
  std::array<std::array<entropy::AdaptiveInteger, 2>, 4> before_;
  std::array<std::array<entropy::AdaptiveInteger, 2>, 4> after_;
  entropy::AdaptiveInteger fewer_bits_;
};

}  // namespace

void EntryStatistics::add(const EntryStatistics& other) noexcept {
  if (count == 0) {
    *this = other;
    return;
  }
  count += other.count;
  for (std::size_t axis = 0; axis < 4; ++axis) {
    box.begin[axis] = std::min(box.begin[axis], other.box.begin[axis]);
    box.end[axis] = std::max(box.end[axis], other.box.end[axis]);
  }
}

std::vector<std::uint8_t> write_statistics(std::span<const EntryStatistics> statistics,
                                           const Tables& tables, const BlockGrid& grid) {
  const std::vector<Box> blocks = block_ranges(tables, grid);
  entropy::BitEncoder encoder;
  StatisticsCoder coder(encoder, grid);
  for (std::size_t i = 0; i < statistics.size(); ++i) {
    EntryStatistics entry = statistics[i];
    coder.code(entry, blocks[i]);
  }
  return encoder.finish();
}

std::vector<EntryStatistics> read_statistics(const PackedArray& bytes, const Tables& tables,
                                             const BlockGrid& grid) {
  const std::vector<Box> blocks = block_ranges(tables, grid);
  entropy::BitDecoder decoder(bytes);
  StatisticsCoder coder(decoder, grid);
  std::vector<EntryStatistics> statistics(tables.labels.size());
  for (std::size_t i = 0; i < statistics.size(); ++i) coder.code(statistics[i], blocks[i]);
  decoder.finish();
  return statistics;
}

}  // namespace segpresso::native
