// Reads streams: answers from the tables, and decodes boxes.
#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "base/arithmetic.hpp"
#include "base/byte_reader.hpp"
#include "base/crc32c.hpp"
#include "base/thread_team.hpp"
#include "native/block_target.hpp"
#include "native/footer.hpp"
#include "native/label_table.hpp"
#include "native/models.hpp"
#include "native/packed_block.hpp"
#include "native/statistics.hpp"

namespace segpresso::native {
namespace {

constexpr const char* block_section = "block";
// Larger arrays than this are not in the cache when they are used next.
constexpr std::size_t large_bytes = std::size_t{1} << 25;

std::string number_text(std::uint64_t label, NumberType type) {
  if (type.kind != NumberKind::signed_integer) return std::to_string(label);
  const unsigned unused = 64 - 8 * static_cast<unsigned>(width_of(type.width));
  return std::to_string(static_cast<std::int64_t>(label << unused) >> unused);
}

std::string type_text(NumberType type) {
  if (type.kind == NumberKind::boolean) return "bool";
  return (type.kind == NumberKind::signed_integer ? "int" : "uint") +
         std::to_string(8 * width_of(type.width));
}

// Converts labels between types: they are the same numbers in both.
class LabelConversion {
 public:
  LabelConversion(NumberType from, NumberType to) : from_(from), to_(to) {}

  [[nodiscard]] std::uint64_t operator()(std::uint64_t label) const {
    if (to_.kind == NumberKind::boolean) {
      if (label > 1) fail(label);
      return label;
    }
    if (from_.width == to_.width && from_.kind == to_.kind) return label;
    const bool is_signed = from_.kind == NumberKind::signed_integer;
    const unsigned unused = 64 - 8 * static_cast<unsigned>(width_of(from_.width));
    const auto number = static_cast<std::int64_t>(label << unused) >> unused;
    if (is_signed && number < 0) {
      const std::int64_t least = -(std::int64_t{1} << (8 * width_of(to_.width) - 1));
      if (to_.kind != NumberKind::signed_integer || number < least) fail(label);
      return static_cast<std::uint64_t>(number) & max_label(to_.width);
    }
    const std::uint64_t most =
        max_label(to_.width) >> static_cast<unsigned>(to_.kind == NumberKind::signed_integer);
    if (label > most) fail(label);
    return label;
  }

 private:
  [[noreturn]] void fail(std::uint64_t label) const {
    throw Error(ErrorKind::unsupported,
                "label " + number_text(label, from_) + " does not fit the type " + type_text(to_),
                index_section);
  }

  NumberType from_;
  NumberType to_;
};

void check_complete(Bytes bytes, const Extent& extent, const char* section) {
  if (bytes.size() != extent.bytes) {
    throw Error(ErrorKind::truncated, std::string(section) + ": its bytes are not complete",
                section, extent.offset);
  }
}

PackedArray checked(Bytes payload, std::uint32_t checksum, std::uint64_t offset,
                    const char* section) {
  if (crc32c(payload) != checksum) {
    throw Error(ErrorKind::corrupt, std::string(section) + ": its checksum is wrong", section,
                offset);
  }
  return {payload.data(), payload.size(), 1, static_cast<std::size_t>(offset), section};
}

// What an extent holds before its checksum, which must be right.
PackedArray checked(Bytes bytes, const Extent& extent, const char* section) {
  check_complete(bytes, extent, section);
  ByteReader checksum(bytes.last(checksum_bytes));
  return checked(bytes.first(bytes.size() - checksum_bytes), checksum.read<std::uint32_t>(section),
                 extent.offset, section);
}

// The order in which threads take blocks: the more bytes, the longer it takes, and threads end
// together if what is left for the end is short.
std::vector<std::size_t> longest_first(std::span<const Bytes> payloads) {
  std::vector<std::size_t> order(payloads.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    return std::pair(payloads[b].size(), a) < std::pair(payloads[a].size(), b);
  });
  return order;
}

}  // namespace

struct StreamIndex::State {
  IndexContent content;
  std::uint64_t stream_bytes = 0;
  // Distinct labels, ascending, and for each entry the index among them: empty if entries are
  // that, as in every stream that was not remapped.
  std::vector<std::uint64_t> distinct;
  std::vector<std::uint32_t> label_of_entry;

  void find_distinct_labels() {
    if (content.labels_ascend) return;
    const LabelKeys keys(content.array.type);
    const auto key = [&](std::uint64_t label) { return keys.key(label); };
    distinct = content.tables.labels;
    std::ranges::sort(distinct, {}, key);
    const auto repeated = std::ranges::unique(distinct);
    distinct.erase(repeated.begin(), repeated.end());
    for (const std::uint64_t label : content.tables.labels) {
      const auto at = std::ranges::lower_bound(distinct, key(label), {}, key);
      label_of_entry.push_back(static_cast<std::uint32_t>(at - distinct.begin()));
    }
  }

  [[nodiscard]] const std::vector<std::uint64_t>& labels() const noexcept {
    return content.labels_ascend ? content.tables.labels : distinct;
  }
  [[nodiscard]] std::uint32_t label_of(std::uint32_t entry) const noexcept {
    return content.labels_ascend ? entry : label_of_entry[entry];
  }

  [[nodiscard]] const BlockRecord& block(std::size_t index) const {
    if (index >= content.tables.blocks.size()) {
      throw Error(ErrorKind::invalid_argument, "there is no such block");
    }
    return content.tables.blocks[index];
  }

  [[nodiscard]] PackedArray payload(const BlockRecord& record, Bytes bytes) const {
    const Extent extent = content.extent_of(record);
    const std::optional<std::uint32_t>& known = content.payload_checksum;
    if (!known) return checked(bytes, extent, block_section);
    check_complete(bytes, extent, block_section);
    return checked(bytes, *known, extent.offset, block_section);
  }

  // Models keep a few slices of a block.
  void check_working_memory(std::size_t workers, const Limits& limits) const {
    constexpr std::size_t bytes_per_voxel = 16;
    const Vector4& block = content.grid.block();
    const std::size_t bytes = block[0] * block[1] * bytes_per_voxel;
    const std::size_t most = std::max(limits.max_bytes, least_working_bytes);
    if (bytes > most / workers) {
      throw Error(ErrorKind::limit,
                  "slices of blocks take more than the limit of " + std::to_string(most) +
                      " bytes of working memory",
                  index_section, 0);
    }
  }

  template <class T>
  [[nodiscard]] std::vector<T> labels_of(const BlockRecord& block,
                                         const LabelConversion& convert) const {
    std::vector<T> result;
    result.reserve(block.entry_count);
    for (const std::uint32_t entry : content.tables.entries_of(block)) {
      result.push_back(static_cast<T>(convert(content.tables.labels[entry])));
    }
    return result;
  }

  // The part of a block within `box`, into `out`, which shows the box.
  template <class T>
  void decode_block(std::size_t index, Bytes bytes, const Box& box, const MutableLabelSeries& out,
                    const LabelConversion& convert, ModelDecoder& models) const {
    const BlockRecord& record = block(index);
    const Box whole = content.grid.box(index);
    const BlockShape shape = shape_of(whole);
    MutableLabelView view = out.volume(whole.begin[3] - box.begin[3]);
    BlockPart part;
    std::array<std::size_t*, 3> sizes{&view.shape.x, &view.shape.y, &view.shape.z};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const std::size_t begin = std::max(box.begin[axis], whole.begin[axis]);
      const std::size_t end = std::min(box.end[axis], whole.end[axis]);
      part.begin[axis] = static_cast<std::uint32_t>(begin - whole.begin[axis]);
      part.end[axis] = static_cast<std::uint32_t>(end - whole.begin[axis]);
      view.data += static_cast<std::ptrdiff_t>(begin - box.begin[axis]) * view.strides[axis];
      *sizes[axis] = end - begin;
    }
    const bool is_large = out.first.shape.voxels() * out.count * sizeof(T) >= large_bytes;
    BlockTarget<T> target(view, part, labels_of<T>(record, convert), is_large);
    if (record.method == Method::constant) {
      target.fill();
      return;
    }
    const PackedArray data = payload(record, bytes);
    if (record.method == Method::packed) {
      PackedRows rows(data, shape, record.entry_count);
      for (std::uint32_t z = part.begin[2]; z < part.end[2]; ++z) {
        for (std::uint32_t y = part.begin[1]; y < part.end[1]; ++y) {
          target.take_voxels(z, y, rows.read(z, y, part.begin[0], part.end[0]));
        }
      }
      return;
    }
    models.decode(record.method, data, {shape, record.entry_count}, part.end[2], target);
  }
};

StreamIndex::StreamIndex(Bytes bytes, std::uint64_t stream_bytes, const Limits& limits)
    : state_(std::make_unique<State>()) {
  state_->content = read_index(bytes, stream_bytes, limits);
  state_->stream_bytes = stream_bytes;
  state_->find_distinct_labels();
}

StreamIndex::~StreamIndex() = default;
StreamIndex::StreamIndex(StreamIndex&&) noexcept = default;

const ArrayInfo& StreamIndex::array() const noexcept { return state_->content.array; }
Profile StreamIndex::profile() const noexcept { return state_->content.profile; }
Vector4 StreamIndex::sizes() const noexcept { return state_->content.grid.sizes(); }
Vector4 StreamIndex::block_shape() const noexcept { return state_->content.grid.block(); }
std::size_t StreamIndex::block_count() const noexcept {
  return state_->content.tables.blocks.size();
}

std::vector<Section> StreamIndex::sections() const {
  const IndexContent& content = state_->content;
  std::uint64_t payloads = 0;
  std::uint64_t checksums = 0;
  for (const BlockRecord& block : content.tables.blocks) {
    payloads += block.bytes;
    checksums += content.extent_of(block).bytes - block.bytes;
  }
  const std::uint64_t statistics = statistics_extent().bytes;
  return {{"front", front_bytes},
          {"blocks", payloads},
          {"block checksums", checksums},
          {"statistics", statistics},
          {"index", state_->stream_bytes - front_bytes - payloads - checksums - statistics}};
}

std::array<std::size_t, method_count> StreamIndex::methods() const {
  std::array<std::size_t, method_count> counts{};
  for (const BlockRecord& block : state_->content.tables.blocks) {
    ++counts[static_cast<std::size_t>(block.method)];
  }
  return counts;
}

Box StreamIndex::box_of(std::size_t block) const {
  static_cast<void>(state_->block(block));
  return state_->content.grid.box(block);
}

Extent StreamIndex::extent_of(std::size_t block) const {
  return state_->content.extent_of(state_->block(block));
}

std::vector<std::size_t> StreamIndex::blocks_in(const Box& box) const {
  const BlockGrid& grid = state_->content.grid;
  std::vector<std::size_t> result;
  for (std::size_t axis = 0; axis < 4; ++axis) {
    if (box.begin[axis] > box.end[axis] || box.end[axis] > grid.sizes()[axis]) {
      throw Error(ErrorKind::invalid_argument, "the box is not within the volume");
    }
  }
  if (box.empty()) return result;
  Vector4 first{};
  Vector4 last{};
  for (std::size_t axis = 0; axis < 4; ++axis) {
    first[axis] = box.begin[axis] / grid.block()[axis];
    last[axis] = (box.end[axis] - 1) / grid.block()[axis];
  }
  Vector4 at{};
  for (at[3] = first[3]; at[3] <= last[3]; ++at[3]) {
    for (at[2] = first[2]; at[2] <= last[2]; ++at[2]) {
      for (at[1] = first[1]; at[1] <= last[1]; ++at[1]) {
        for (at[0] = first[0]; at[0] <= last[0]; ++at[0]) result.push_back(grid.index(at));
      }
    }
  }
  return result;
}

void StreamIndex::check_block(std::size_t block, Bytes bytes) const {
  const BlockRecord& record = state_->block(block);
  if (record.method != Method::constant) static_cast<void>(state_->payload(record, bytes));
}

std::vector<std::uint64_t> StreamIndex::labels() const { return state_->labels(); }

std::vector<std::uint32_t> StreamIndex::labels_of(std::size_t block) const {
  std::vector<std::uint32_t> result;
  for (const std::uint32_t entry : state_->content.tables.entries_of(state_->block(block))) {
    result.push_back(state_->label_of(entry));
  }
  std::ranges::sort(result);
  const auto repeated = std::ranges::unique(result);
  result.erase(repeated.begin(), repeated.end());
  return result;
}

std::vector<std::size_t> StreamIndex::blocks_with(std::uint64_t label) const {
  const Tables& tables = state_->content.tables;
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < tables.blocks.size(); ++i) {
    const auto holds = [&](std::uint32_t entry) { return tables.labels[entry] == label; };
    if (std::ranges::any_of(tables.entries_of(tables.blocks[i]), holds)) result.push_back(i);
  }
  return result;
}

bool StreamIndex::has_statistics() const noexcept { return state_->content.has_statistics; }

Extent StreamIndex::statistics_extent() const noexcept {
  const IndexContent& content = state_->content;
  if (!content.has_statistics) return {};
  return {content.statistics_offset, content.statistics_bytes + checksum_bytes};
}

void StreamIndex::check_statistics(Bytes section) const {
  static_cast<void>(checked(section, statistics_extent(), statistics_section));
}

LabelStatistics StreamIndex::statistics(Bytes section) const {
  if (!has_statistics()) {
    throw Error(ErrorKind::unsupported,
                "the stream was written without statistics; encode it with stats=True",
                statistics_section);
  }
  const IndexContent& content = state_->content;
  const PackedArray bytes = checked(section, statistics_extent(), statistics_section);
  const std::vector<EntryStatistics> entries = read_statistics(bytes, content.tables, content.grid);
  std::vector<EntryStatistics> merged(state_->labels().size());
  for (std::uint32_t entry = 0; entry < entries.size(); ++entry) {
    merged[state_->label_of(entry)].add(entries[entry]);
  }
  LabelStatistics result;
  for (const EntryStatistics& label : merged) {
    result.counts.push_back(label.count);
    result.boxes.push_back(label.box);
  }
  return result;
}

void StreamIndex::decode(const Box& box, std::span<const std::size_t> blocks,
                         std::span<const Bytes> payloads, const MutableLabelSeries& out,
                         NumberType type, const Limits& limits, unsigned threads) const {
  if (blocks.size() != payloads.size() || !std::ranges::equal(blocks, blocks_in(box))) {
    throw Error(ErrorKind::invalid_argument, "these are not the blocks of the box");
  }
  Vector4 sizes{};
  for (std::size_t axis = 0; axis < 4; ++axis) sizes[axis] = box.end[axis] - box.begin[axis];
  if (out.sizes() != sizes || out.first.type != type.width) {
    throw Error(ErrorKind::invalid_argument, "the output array has the wrong shape or type");
  }
  if (blocks.empty()) return;
  const std::size_t voxels = out.first.shape.voxels() * out.count;
  if (voxels > limits.max_bytes / width_of(type.width)) {
    throw Error(
        ErrorKind::limit,
        "the labels take more than the limit of " + std::to_string(limits.max_bytes) + " bytes",
        index_section, 0);
  }
  const LabelConversion convert(array().type, type);
  // A block is work even if little of it is wanted.
  const auto coded = static_cast<std::size_t>(std::ranges::count_if(
      blocks, [&](std::size_t block) { return state_->block(block).method != Method::constant; }));
  ThreadTeam team(useful_threads(threads, std::max(voxels, coded << 16)));
  state_->check_working_memory(team.size(), limits);
  std::vector<ModelDecoder> models(team.size());
  const std::vector<std::size_t> order = longest_first(payloads);
  with_label_type(type.width, [&]<class T>() {
    team.for_each(order.size(), [&](std::size_t step, unsigned worker) {
      const std::size_t i = order[step];
      state_->decode_block<T>(blocks[i], payloads[i], box, out, convert, models[worker]);
    });
  });
}

}  // namespace segpresso::native
