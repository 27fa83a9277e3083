// Rebuilds a volume from what the streams of the family store.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/byte_reader.hpp"
#include "base/thread_team.hpp"
#include "compresso/boundary_voxels.hpp"
#include "compresso/component_stitcher.hpp"
#include "compresso/geometry.hpp"
#include "compresso/location_coding.hpp"
#include "compresso/stream_parts.hpp"
#include "labels/components.hpp"
#include "labels/label_target.hpp"

namespace segpresso::compresso {

template <class T>
class ModelDecoder {
 public:
  ModelDecoder(const StreamParts& parts, std::size_t z_begin, std::size_t z_end,
               const MutableLabelView& out, const Limits& limits, ThreadTeam& team)
      : parts_(parts),
        shape_(parts.geometry.shape),
        z_begin_(z_begin),
        z_end_(z_end),
        target_(out),
        team_(team),
        slabs_(cut_slabs(shape_.x * shape_.y, z_begin, z_end, parts.geometry.window.z, team.size(),
                         usual_slab)),
        works_(std::min(batch(), slabs_.size())),
        layers_(parts.words, parts.values, parts.geometry.grid(), parts.geometry.window.voxels(),
                parts.word_rules),
        max_memory_(std::max(limits.max_bytes, always_allowed)) {}

  void decode() {
    find_first_entries();
    for (std::size_t begin = 0; begin < slabs_.size(); begin += batch()) {
      const std::size_t end = std::min(slabs_.size(), begin + batch());
      decode_batch(begin, end);
      memory_used_ = 0;
    }
    check_all_used();
  }

 private:
  struct Work {
    BitSlab bits;
    SlabComponents components;
    std::vector<std::size_t> indeterminate;  // per slice
    std::size_t first_id = 0;
    std::size_t first_location = 0;
  };

  [[nodiscard]] bool six() const noexcept {
    return parts_.geometry.connectivity == Connectivity::six;
  }

  // The buffers of a slab; batches use them one after the other.
  [[nodiscard]] Work& work_of(std::size_t slab) noexcept { return works_[slab % works_.size()]; }
  [[nodiscard]] const Work& work_of(std::size_t slab) const noexcept {
    return works_[slab % works_.size()];
  }

  // Slabs that are in memory together. Codes 4 and 5 and 6-connected components look at other
  // slabs; without them (cpso with an index) a few slabs are enough. Threads wait for each other at
  // the end of a batch: 16 slabs per thread keep that below 3 % of the time.
  [[nodiscard]] std::size_t batch() const noexcept {
    if (parts_.geometry.codes_across_slices) return std::max<std::size_t>(1, slabs_.size());
    return team_.size() == 1 ? 1 : std::size_t{16} * team_.size();
  }

  // Counts memory of the slabs of a batch before it is taken.
  void charge(std::size_t bytes) {
    if (memory_used_.fetch_add(bytes) + bytes > max_memory_) fail_memory();
  }

  [[noreturn]] void fail_memory() const {
    throw Error(ErrorKind::limit,
                "decoding needs more working memory than the limit of " +
                    std::to_string(max_memory_) + " bytes",
                "values", parts_.values.offset(0));
  }

  // Where the ids and locations of the first slice are.
  void find_first_entries() {
    if (z_begin_ == 0) return;
    // Only streams with an index get here with z_begin > 0.
    for (std::size_t z = 0; z < z_begin_; ++z) next_id_ += parts_.index_components[z];
    for (std::size_t z = 1; z <= z_begin_; ++z) next_location_ += parts_.index_locations[z];
    if (next_id_ > parts_.ids.size() || next_location_ > parts_.locations.size()) {
      parts_.index_components.fail(ErrorKind::corrupt, "the index points behind the labels", 0);
    }
  }

  void decode_batch(std::size_t begin, std::size_t end) {
    team_.for_each(end - begin, [&](std::size_t i, unsigned) {
      analyse(begin + i);
      if (!six()) count_locations(begin + i);
    });
    if (six()) {  // needs the boundary map of the slab before
      team_.for_each(end - begin, [&](std::size_t i, unsigned) { count_locations(begin + i); });
    }
    for (std::size_t slab = begin; slab < end; ++slab) assign_entries(slab);
    if (six()) stitch();
    if (parts_.geometry.codes_across_slices) {
      team_.for_each(end - begin, [&](std::size_t i, unsigned) { paint(begin + i); });
      team_.for_each(end - begin, [&](std::size_t i, unsigned) { resolve(begin + i); });
    } else {
      team_.for_each(end - begin, [&](std::size_t i, unsigned) {
        paint(begin + i);
        resolve(begin + i);
      });
    }
  }

  // ---- boundary map and components ------------------------------------------------------------

  void analyse(std::size_t slab) {
    Work& work = work_of(slab);
    const auto [z_begin, z_end] = slabs_[slab];
    const std::size_t wz = parts_.geometry.window.z;
    const std::size_t layers_begin = z_begin / wz * wz;
    const std::size_t layers_end = std::min(shape_.z, round_up(z_end, wz));
    charge(checked_multiply(8 * divide_up(shape_.x, std::size_t{64}) * shape_.y,
                            layers_end - layers_begin, "the boundary map"));
    work.bits.reset(shape_.x, shape_.y, layers_begin, layers_end);
    unpack(work.bits);
    const std::size_t runs = SlabComponents::count_runs(work.bits, z_begin, z_end);
    charge(runs * sizeof(Run) + (z_end - z_begin) * shape_.y * sizeof(std::size_t));
    const std::size_t affordable = max_memory_ / component_bytes;
    if (!work.components.find(work.bits, z_begin, z_end, parts_.geometry.connectivity,
                              std::min(affordable, SlabComponents::default_max_components), runs)) {
      fail_memory();
    }
    charge(work.components.count() * component_bytes);
  }

  void count_locations(std::size_t slab) {
    Work& work = work_of(slab);
    work.indeterminate.clear();
    for (std::size_t z = slabs_[slab].begin; z < slabs_[slab].end; ++z) {
      std::size_t count = 0;
      for_each_word(slab, z, [&](std::size_t, std::size_t, const BoundaryWord& word) {
        count += static_cast<std::size_t>(std::popcount(word.indeterminate));
      });
      work.indeterminate.push_back(count);
    }
  }

  void unpack(BitSlab& bits) const {
    const Window& window = parts_.geometry.window;
    const WindowGrid grid = parts_.geometry.grid();
    const std::size_t words = bits.words_per_row();
    std::vector<std::uint64_t> window_row(padded_window_count(grid.x), 0);
    std::vector<std::uint64_t*> rows(std::size_t{window.y} * window.z);
    std::vector<std::uint64_t> outside(words * rows.size());
    for (std::size_t k = bits.z_begin() / window.z; k * window.z < bits.z_end(); ++k) {
      WindowCursor cursor = layers_.at_layer(k);
      for (std::size_t j = 0; j < grid.y; ++j) {
        for (std::size_t r = 0; r < rows.size(); ++r) {
          const std::size_t y = j * window.y + r % window.y;
          const std::size_t z = k * window.z + r / window.y;
          rows[r] = y < shape_.y && z < shape_.z ? bits.row(y, z) : outside.data() + r * words;
        }
        cursor.read(window_row.data(), grid.x);
        const std::uint64_t dropped =
            unpack_windows(window_row.data(), grid.x, window.x, rows, words);
        check_padding(bits, rows, outside, dropped);
      }
    }
  }

  // Bits of windows that overhang the volume are clear in every stream that an encoder made.
  void check_padding(const BitSlab& bits, const std::vector<std::uint64_t*>& rows,
                     const std::vector<std::uint64_t>& outside, std::uint64_t dropped) const {
    for (const std::uint64_t word : outside) dropped |= word;
    for (const std::uint64_t* row : rows) {
      dropped |= row[bits.words_per_row() - 1] & ~bits.last_word_mask();
    }
    if (dropped != 0) {
      parts_.values.fail(ErrorKind::corrupt, "a window marks voxels outside the volume", 0);
    }
  }

  // ---- where each slab's labels are -----------------------------------------------------------

  void assign_entries(std::size_t slab) {
    Work& work = work_of(slab);
    work.first_id = next_id_;
    work.first_location = next_location_;
    for (std::size_t z = slabs_[slab].begin; z < slabs_[slab].end; ++z) {
      const std::size_t components = work.components.count_in_slice(z);
      const std::size_t locations =
          skip_locations(next_location_, work.indeterminate[z - slabs_[slab].begin]);
      if (parts_.has_index()) check_index(z, components, locations);
      // 6-connected components are counted after the slabs have been joined.
      if (!six()) next_id_ += components + (parts_.paper_ids && has_boundary(work, z) ? 1 : 0);
      next_location_ += locations;
    }
    if (next_id_ > parts_.ids.size()) {
      parts_.ids.fail(ErrorKind::corrupt, "fewer labels than the boundary map has components",
                      parts_.ids.size());
    }
  }

  // Number of words that `count` locations take.
  [[nodiscard]] std::size_t skip_locations(std::size_t first, std::size_t count) const {
    if (!parts_.has_escape()) {
      if (count > parts_.locations.size() - first) missing_locations();
      return count;
    }
    std::size_t word = first;
    for (std::size_t i = 0; i < count; ++i) {
      if (word >= parts_.locations.size()) missing_locations();
      word += parts_.locations[word] == EscapedLocations<T>::escape ? 2 : 1;
    }
    if (word > parts_.locations.size()) missing_locations();
    return word - first;
  }

  [[noreturn]] void missing_locations() const {
    parts_.locations.fail(ErrorKind::corrupt,
                          "fewer locations than the boundary map has indeterminate voxels",
                          parts_.locations.size());
  }

  void check_index(std::size_t z, std::size_t components, std::size_t locations) const {
    if (parts_.index_components[z] != components) {
      parts_.index_components.fail(ErrorKind::corrupt,
                                   "component count differs from the boundary map", z);
    }
    if (z + 1 < shape_.z && parts_.index_locations[z + 1] != locations) {
      parts_.index_locations.fail(ErrorKind::corrupt,
                                  "location count differs from the location words", z + 1);
    }
  }

  [[nodiscard]] static bool has_boundary(const Work& work, std::size_t z) {
    // A slice without boundary voxels has whole rows of clear voxels only.
    const BitSlab& bits = work.bits;
    const std::uint64_t* row = bits.row(0, z);
    const std::size_t words = bits.words_per_row() * bits.y();
    return std::any_of(row, row + words, [](std::uint64_t word) { return word != 0; });
  }

  void stitch() {
    std::vector<const SlabComponents*> components;
    for (const Work& work : works_) {
      stitcher_.add(work.components);
      components.push_back(&work.components);
    }
    stitcher_.join(components, shape_.y);
    next_id_ = stitcher_.number([](std::size_t, std::uint32_t) {});
    if (next_id_ > parts_.ids.size()) {
      parts_.ids.fail(ErrorKind::corrupt, "fewer labels than the boundary map has components",
                      parts_.ids.size());
    }
  }

  // Everything in a stream is needed to decode all of it; what is left over is damage.
  void check_all_used() const {
    if (z_end_ - z_begin_ != shape_.z) return;
    if (next_id_ != parts_.ids.size()) {
      parts_.ids.fail(ErrorKind::corrupt, "more labels than the boundary map has components",
                      next_id_);
    }
    if (next_location_ != parts_.locations.size()) {
      parts_.locations.fail(ErrorKind::corrupt,
                            "more locations than the boundary map has indeterminate voxels",
                            next_location_);
    }
  }

  // ---- labels ---------------------------------------------------------------------------------

  [[nodiscard]] T narrow(std::uint64_t label, const PackedArray& section, std::size_t i) const {
    if (label > std::numeric_limits<T>::max()) [[unlikely]] {
      section.fail(ErrorKind::corrupt,
                   "label " + std::to_string(label) + " does not fit the type of the voxels", i);
    }
    return static_cast<T>(label);
  }

  [[nodiscard]] T label_of_id(std::size_t i) const {
    return narrow(parts_.ids[i] - (parts_.paper_ids ? 1 : 0), parts_.ids, i);
  }

  [[nodiscard]] std::vector<T> component_labels(std::size_t slab) const {
    const Work& work = work_of(slab);
    std::vector<T> labels;
    labels.reserve(work.components.count());
    if (six()) {
      for (std::uint32_t c = 0; c < work.components.count(); ++c) {
        labels.push_back(label_of_id(stitcher_.number_of(slab, c)));
      }
      return labels;
    }
    std::size_t id = work.first_id;
    for (std::size_t z = slabs_[slab].begin; z < slabs_[slab].end; ++z) {
      // The entry of the boundary voxels comes first if the first voxel is one, else second.
      const bool extra = parts_.paper_ids && has_boundary(work, z);
      const std::size_t skipped = extra ? (work.bits.test(0, 0, z) ? 0 : 1) : SIZE_MAX;
      const std::size_t entries = work.components.count_in_slice(z) + (extra ? 1 : 0);
      for (std::size_t i = 0; i < entries; ++i) {
        if (i != skipped) labels.push_back(label_of_id(id + i));
      }
      id += entries;
    }
    return labels;
  }

  // Labels of all voxels that belong to a component or have one to their left.
  void paint(std::size_t slab) {
    const Work& work = work_of(slab);
    const std::vector<T> labels = component_labels(slab);
    for (std::size_t z = slabs_[slab].begin; z < slabs_[slab].end; ++z) {
      for (std::size_t y = 0; y < shape_.y; ++y) {
        for (const Run& run : work.components.row(y, z)) {
          const std::size_t end = std::min<std::size_t>(shape_.x, std::size_t{run.end} + 1);
          target_.fill(run.begin, end, y, z - z_begin_, labels[run.component]);
        }
      }
    }
  }

  // All other boundary voxels.
  void resolve(std::size_t slab) {
    const Work& work = work_of(slab);
    std::size_t location = work.first_location;
    for (std::size_t z = slabs_[slab].begin; z < slabs_[slab].end; ++z) {
      const std::size_t out_z = z - z_begin_;
      for_each_word(slab, z, [&](std::size_t y, std::size_t x0, const BoundaryWord& word) {
        for_each_set_bit(word.copy_above, x0, [&](std::size_t x) {
          target_.at(x, y, out_z) = target_.at(x, y - 1, out_z);
        });
        for_each_set_bit(word.copy_behind, x0, [&](std::size_t x) {
          target_.at(x, y, out_z) = target_.at(x, y, out_z - 1);
        });
        for_each_set_bit(word.indeterminate, x0, [&](std::size_t x) {
          target_.at(x, y, out_z) = read_location(slab, x, y, z, location);
        });
      });
    }
  }

  [[nodiscard]] T read_location(std::size_t slab, std::size_t x, std::size_t y, std::size_t z,
                                std::size_t& location) const {
    const std::size_t i = location++;
    const std::uint64_t word = parts_.locations[i];
    if (word < neighbour_codes) return neighbour_label(slab, x, y, z, word, i);
    if (word == EscapedLocations<T>::escape && parts_.has_escape()) {
      const std::size_t label = location++;
      return narrow(parts_.locations[label], parts_.locations, label);
    }
    return narrow(word - parts_.first_label_word, parts_.locations, i);
  }

  [[nodiscard]] T neighbour_label(std::size_t slab, std::size_t x, std::size_t y, std::size_t z,
                                  std::uint64_t code, std::size_t i) const {
    const std::size_t out_z = z - z_begin_;
    const auto component_voxel = [&](bool inside, std::size_t dx, std::size_t dy, std::size_t nz) {
      return inside && !is_boundary(slab, x + dx, y + dy, nz);
    };
    const bool across = parts_.geometry.codes_across_slices;
    switch (code) {
      case 0:  // already final: earlier in raster order
        if (x > 0) return target_.at(x - 1, y, out_z);
        break;
      case 1:
        if (component_voxel(x + 1 < shape_.x, 1, 0, z)) return target_.at(x + 1, y, out_z);
        break;
      case 2:
        if (y > 0) return target_.at(x, y - 1, out_z);
        break;
      case 3:
        if (component_voxel(y + 1 < shape_.y, 0, 1, z)) return target_.at(x, y + 1, out_z);
        break;
      case 4:
        if (component_voxel(across && z > 0, 0, 0, z - 1)) return target_.at(x, y, out_z - 1);
        break;
      default:
        if (component_voxel(across && z + 1 < shape_.z, 0, 0, z + 1)) {
          return target_.at(x, y, out_z + 1);
        }
        break;
    }
    parts_.locations.fail(ErrorKind::corrupt,
                          "code " + std::to_string(code) + " refers to a voxel without a label", i);
  }

  // ---- the boundary map across slabs ----------------------------------------------------------

  [[nodiscard]] const BitSlab& bits_of(std::size_t slab, std::size_t z) const {
    if (z < slabs_[slab].begin) return work_of(slab - 1).bits;
    if (z >= slabs_[slab].end) return work_of(slab + 1).bits;
    return work_of(slab).bits;
  }

  [[nodiscard]] bool is_boundary(std::size_t slab, std::size_t x, std::size_t y,
                                 std::size_t z) const {
    return bits_of(slab, z).test(x, y, z);
  }

  // Calls `function(y, x0, BoundaryWord)` for the words of a slice.
  template <class Function>
  void for_each_word(std::size_t slab, std::size_t z, Function&& function) const {
    const BitSlab& bits = work_of(slab).bits;
    const BitSlab* behind_bits = six() && z > 0 ? &bits_of(slab, z - 1) : nullptr;
    for (std::size_t y = 0; y < shape_.y; ++y) {
      const std::uint64_t* above = y > 0 ? bits.row(y - 1, z) : nullptr;
      const std::uint64_t* behind = behind_bits != nullptr ? behind_bits->row(y, z - 1) : nullptr;
      for_each_boundary_word(
          bits.row(y, z), above, behind, bits.words_per_row(),
          [&](std::size_t i, const BoundaryWord& word) { function(y, 64 * i, word); });
    }
  }

  // What a component takes in SlabComponents and ComponentStitcher.
  static constexpr std::size_t component_bytes = 40;
  // Real streams need less than a byte per voxel; small ones shall not have to care.
  static constexpr std::size_t always_allowed = std::size_t{1} << 28;

  const StreamParts& parts_;
  Shape shape_;
  std::size_t z_begin_;
  std::size_t z_end_;
  LabelTarget<T> target_;
  ThreadTeam& team_;
  std::vector<SlabRange> slabs_;
  std::vector<Work> works_;
  WindowLayers layers_;
  ComponentStitcher stitcher_;
  std::size_t max_memory_;
  std::atomic<std::size_t> memory_used_ = 0;
  std::size_t next_id_ = 0;
  std::size_t next_location_ = 0;
};

}  // namespace segpresso::compresso
