// Writes streams (docs/format.md).
//
// Blocks are numbered and coded side by side. One thread at a time appends them in order, which
// only copies bytes and looks up the labels of each block.
#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "base/ordered_work.hpp"
#include "base/thread_team.hpp"
#include "native/block_choice.hpp"
#include "native/block_encoder.hpp"
#include "native/footer.hpp"
#include "native/label_table.hpp"
#include "native/statistics.hpp"

namespace segpresso::native {
namespace {

void check_array(const ArrayInfo& array) {
  if (array.shape.size() > 4) {
    throw Error(ErrorKind::unsupported, "arrays have at most 4 axes");
  }
}

// The role of the array's slowest axis: z of a volume. Its size in `array` is not known yet.
std::size_t slow_axis(const ArrayInfo& array) {
  if (array.shape.empty()) return 0;
  const std::span<const std::size_t> others =
      std::span(array.shape).subspan(array.fortran_order ? 0 : 1, array.shape.size() - 1);
  return others.size() - static_cast<std::size_t>(std::ranges::count(others, std::size_t{1}));
}

std::array<std::size_t, 3> checked_block(const BlockSizes& block) {
  std::size_t voxels = 1;
  for (const std::size_t size : block) {
    if (size == 0) throw Error(ErrorKind::invalid_argument, "blocks must have voxels");
    if (__builtin_mul_overflow(voxels, size, &voxels) || voxels > max_block_voxels) {
      throw Error(ErrorKind::invalid_argument,
                  "a block may have at most " + std::to_string(max_block_voxels) + " voxels");
    }
  }
  return block;
}

}  // namespace

bool Box::empty() const noexcept {
  for (std::size_t axis = 0; axis < 4; ++axis) {
    if (begin[axis] >= end[axis]) return true;
  }
  return false;
}

Vector4 ArrayInfo::sizes() const {
  Vector4 sizes{1, 1, 1, 1};
  std::size_t role = 0;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const std::size_t size = fortran_order ? shape[i] : shape[shape.size() - 1 - i];
    if (size != 1) sizes[role++] = size;
  }
  return sizes;
}

struct StreamEncoder::State {
  ArrayInfo array;
  Options options;
  unsigned threads = 1;
  std::size_t slow = 0;   // the slowest axis
  Vector4 at{};           // where the next slab begins
  std::size_t layer = 0;  // size of the last one along the slowest axis
  bool begun = false;
  bool ended = false;
  BlockSizes block{};
  LabelNumbers<std::uint64_t> numbers;
  Tables tables;
  std::vector<EntryStatistics> statistics;  // by entry, if wanted

  State(const ArrayInfo& of, const Options& with, unsigned by)
      : array(of), options(with), threads(by), slow(slow_axis(of)) {
    check_array(array);
    numbers.clear();
  }

  // Sizes of a slab or of all, `along` the slowest axis.
  [[nodiscard]] Vector4 sizes(std::size_t along) const {
    Vector4 result = array.sizes();
    result[slow] = along;
    return result;
  }

  // Whether a slab, or a part of a layer, comes next: all of its blocks are the next ones in order.
  [[nodiscard]] bool fits(const Vector4& slab) const {
    const Vector4 whole = sizes(0);
    bool is_part = false;
    bool one_block = false;  // along the axes that follow
    for (std::size_t axis = 0; axis < slow; ++axis) {
      const std::size_t rest = whole[axis] - at[axis];
      const std::size_t size = slab[axis];
      if (one_block && size != std::min(rest, block[axis])) return false;
      if (size != rest && (size == 0 || size > rest || size % block[axis] != 0)) return false;
      one_block = one_block || size < whole[axis];
      is_part = is_part || size < whole[axis];
    }
    for (std::size_t axis = slow + 1; axis < 4; ++axis) {
      if (slab[axis] != 1) return false;
    }
    return !is_part ||
           (slab[slow] > 0 && slab[slow] <= depth() && (!is_begun() || slab[slow] == layer));
  }

  // Whether parts of a layer came, but not all.
  [[nodiscard]] bool is_begun() const {
    return std::any_of(at.begin(), at.begin() + static_cast<std::ptrdiff_t>(slow),
                       [](std::size_t place) { return place > 0; });
  }

  [[nodiscard]] std::size_t depth() const noexcept { return slow < 3 ? block[slow] : 1; }

  // Moves on behind a slab or a part of a layer that fits.
  void advance(const Vector4& slab) {
    layer = slab[slow];
    const Vector4 whole = sizes(0);
    for (std::size_t axis = 0; axis < slow; ++axis) {
      at[axis] += slab[axis];
      if (at[axis] < whole[axis]) return;
      at[axis] = 0;
    }
    at[slow] += layer;
    ended = layer % depth() != 0;
  }

  template <class T>
  void add(const LabelSeries& slab, const Vector4& offset, std::vector<std::uint8_t>& out) {
    const BlockGrid grid(slab.sizes(), block);
    ThreadTeam team(useful_threads(threads, slab.first.shape.voxels() * slab.count));
    std::vector<BlockEncoder<T>> encoders(team.size());
    OrderedWork<CodedBlock> work(team);
    std::size_t next = 0;
    work.run(
        grid.size(),
        [&](std::size_t i, CodedBlock& coded, unsigned worker) {
          const Box box = grid.box(i);
          LabelView view = slab.volume(box.begin[3]);
          for (std::size_t axis = 0; axis < 3; ++axis) {
            view.data += static_cast<std::ptrdiff_t>(box.begin[axis]) * view.strides[axis];
          }
          view.shape = {box.end[0] - box.begin[0], box.end[1] - box.begin[1],
                        box.end[2] - box.begin[2]};
          encoders[worker].encode(view, array.type, options, coded);
        },
        [&](const CodedBlock& coded) {
          Vector4 origin = grid.box(next++).begin;
          for (std::size_t axis = 0; axis < 4; ++axis) origin[axis] += offset[axis];
          append(coded, origin);
          out.insert(out.end(), coded.bytes.begin(), coded.bytes.end());
        });
  }

  // Entries are numbers by first appearance in the stream, until `finish`.
  void append(const CodedBlock& coded, const Vector4& origin) {
    BlockRecord record;
    record.method = coded.method;
    record.bytes = coded.bytes.empty() ? 0 : coded.bytes.size() - checksum_bytes;
    record.first_entry = tables.entries.size();
    record.entry_count = static_cast<std::uint32_t>(coded.labels.size());
    for (const std::uint64_t label : coded.labels) tables.entries.push_back(numbers[label]);
    tables.blocks.push_back(record);
    if (options.statistics) add_statistics(coded, tables.entries_of(record), origin);
    if (numbers.labels().size() >= UINT32_MAX) {
      throw Error(ErrorKind::unsupported,
                  "a stream holds at most 2^32 - 2 distinct labels; split the volume");
    }
  }

  void add_statistics(const CodedBlock& coded, std::span<const std::uint32_t> entries,
                      const Vector4& origin) {
    statistics.resize(numbers.labels().size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const LocalStatistics& local = coded.statistics[i];
      EntryStatistics known{local.count, {origin, origin}};
      for (std::size_t axis = 0; axis < 3; ++axis) {
        known.box.begin[axis] += local.first[axis];
        known.box.end[axis] += local.last[axis] + std::size_t{1};
      }
      ++known.box.end[3];
      statistics[entries[i]].add(known);
    }
  }

  // Entries become places in the ascending labels.
  void sort_labels() {
    const LabelKeys keys(array.type);
    const std::vector<std::uint64_t>& found = numbers.labels();
    std::vector<std::uint32_t> ascending(found.size());
    std::iota(ascending.begin(), ascending.end(), 0);
    std::ranges::sort(ascending, {}, [&](std::uint32_t i) { return keys.key(found[i]); });
    std::vector<std::uint32_t> entry_of(found.size());
    for (std::uint32_t entry = 0; entry < ascending.size(); ++entry) {
      entry_of[ascending[entry]] = entry;
      tables.labels.push_back(found[ascending[entry]]);
    }
    for (std::uint32_t& entry : tables.entries) entry = entry_of[entry];
    if (!options.statistics) return;
    std::vector<EntryStatistics> sorted;
    sorted.reserve(ascending.size());
    for (const std::uint32_t number : ascending) sorted.push_back(statistics[number]);
    statistics = std::move(sorted);
  }

  // All but the statistics, at the end.
  IndexContent take_content() {
    IndexContent content;
    content.array = array;
    const std::size_t length = at[slow];
    if (!content.array.shape.empty()) {
      auto& shape = content.array.shape;
      (array.fortran_order ? shape.back() : shape.front()) = length;
    }
    content.profile = options.profile;
    const Vector4 whole = sizes(length);
    if (!is_addressable(whole)) {  // decoders refuse it, even if one of the sizes is zero
      throw Error(ErrorKind::invalid_argument, "the array's sizes exceed the address space");
    }
    BlockSizes within{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      within[axis] = std::max<std::size_t>(1, std::min(block[axis], whole[axis]));
    }
    content.grid = BlockGrid(whole, within);
    sort_labels();
    content.tables = std::move(tables);
    content.has_statistics = options.statistics;
    return content;
  }

  // Appends statistics, index and trailer.
  void finish(IndexContent content, std::vector<std::uint8_t>& out) const {
    if (content.has_statistics) {
      const std::vector<std::uint8_t> coded =
          write_statistics(statistics, content.tables, content.grid);
      content.statistics_bytes = coded.size();
      ByteWriter section;
      section.write_all(std::span<const std::uint8_t>(coded));
      section.write(crc32c(coded));
      out.insert(out.end(), section.bytes().begin(), section.bytes().end());
    }
    const std::vector<std::uint8_t> end = write_footer(content);
    out.insert(out.end(), end.begin(), end.end());
  }
};

StreamEncoder::StreamEncoder(const ArrayInfo& array, const Options& options, unsigned threads)
    : state_(std::make_unique<State>(array, options, threads)) {
  state_->block = checked_block(options.block);
}

StreamEncoder::~StreamEncoder() = default;
StreamEncoder::StreamEncoder(StreamEncoder&&) noexcept = default;

std::size_t StreamEncoder::depth() const noexcept { return state_->depth(); }

std::vector<std::uint8_t> StreamEncoder::add(const LabelSeries& slab) {
  State& state = *state_;
  const Vector4 sizes = slab.sizes();
  if (state.ended || !state.fits(sizes) || slab.first.type != state.array.type.width) {
    throw Error(ErrorKind::invalid_argument, "a slab has the wrong shape or type");
  }
  const Vector4 offset = state.at;
  state.advance(sizes);
  std::vector<std::uint8_t> out;
  if (!state.begun) out.assign(front_mark.begin(), front_mark.end());
  state.begun = true;
  with_label_type(slab.first.type, [&]<class T>() { state.add<T>(slab, offset, out); });
  return out;
}

std::vector<std::uint8_t> StreamEncoder::finish() {
  if (state_->is_begun()) {
    throw Error(ErrorKind::invalid_argument, "parts of the last layer are missing");
  }
  std::vector<std::uint8_t> out;
  if (!state_->begun) out.assign(front_mark.begin(), front_mark.end());
  state_->finish(state_->take_content(), out);
  return out;
}

std::vector<std::uint8_t> encode(const ArrayInfo& array, const LabelSeries& labels,
                                 const Options& options, unsigned threads) {
  Options chosen = options;
  if (options.block == BlockSizes{}) {
    chosen.block = choose_block_shape(labels.sizes(), options.profile, slices_unrelated(labels));
  }
  StreamEncoder encoder(array, chosen, threads);
  std::vector<std::uint8_t> stream = encoder.add(labels);
  IndexContent content = encoder.state_->take_content();
  if (may_be_short(content)) {
    const auto& blocks = content.tables.blocks;
    const Bytes payload =
        Bytes(stream).subspan(StreamIndex::front_bytes, blocks.empty() ? 0 : blocks.front().bytes);
    std::vector<std::uint8_t> whole = write_short_stream(content, payload);
    if (whole.size() <= StreamIndex::most_short_bytes) return whole;
  }
  encoder.state_->finish(std::move(content), stream);
  return stream;
}

}  // namespace segpresso::native
