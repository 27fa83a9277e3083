// Rebuilds a volume from what the streams of the family store.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
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
        works_(parts.has_index() ? team.size() : slabs_.size()),
        layers_(parts.words, parts.values, parts.geometry.grid(), parts.geometry.window.voxels(),
                parts.word_rules, team),
        max_memory_(std::max(limits.max_bytes, always_allowed)) {}

  void decode() {
    if (parts_.has_index()) {
      decode_one_by_one();
    } else {
      decode_together();
    }
  }

 private:
  // Where the labels of a slab begin.
  struct Entries {
    std::size_t id = 0;
    std::size_t location = 0;
  };

  struct Work {
    std::size_t number = 0;  // of the slab
    SlabRange slab{};
    BitSlab bits;
    SlabComponents components;
    std::size_t memory = 0;  // charged for it
    Entries first;
    std::vector<std::size_t> indeterminate;  // per slice; `decode_together` only
  };

  [[nodiscard]] bool six() const noexcept {
    return parts_.geometry.connectivity == Connectivity::six;
  }

  // Counts the memory of a slab before it is taken.
  void charge(Work& work, std::size_t bytes) {
    work.memory += bytes;
    if (memory_used_.fetch_add(bytes) + bytes > max_memory_) fail_memory();
  }

  void release(Work& work) noexcept { memory_used_ -= std::exchange(work.memory, 0); }

  [[noreturn]] void fail_memory() const {
    throw Error(ErrorKind::limit,
                "decoding needs more working memory than the limit of " +
                    std::to_string(max_memory_) + " bytes",
                "values", parts_.values.offset(0));
  }

  // ---- with an index --------------------------------------------------------------------------

  // Slabs do not look at each other: their bits, runs and labels stay in a thread's cache from the
  // first step to the last.
  void decode_one_by_one() {
    const std::vector<Entries> first = entries_of_index();
    team_.for_each_apart(slabs_.size(), [&](std::size_t i, unsigned worker) {
      Work& work = works_[worker];
      analyse(work, i);
      work.first = first[i];
      check_components(work);
      const std::vector<T> labels = component_labels(work);
      std::size_t location = work.first.location;
      for (std::size_t z = work.slab.begin; z < work.slab.end; ++z) {
        paint(work, z, labels);
        const std::size_t before = location;
        resolve(work, z, location);
        check_locations(z, before, location);
      }
      release(work);
    });
  }

  // Where each slab's labels begin, if the index is right.
  [[nodiscard]] std::vector<Entries> entries_of_index() const {
    std::vector<Entries> entries;
    Entries next;
    std::size_t z = 0;
    const auto pass = [&](std::size_t end) {
      for (; z < end; ++z) {
        const std::uint64_t ids = parts_.index_components[z];
        const std::uint64_t locations = indexed_locations(z, next.location);
        if (ids > parts_.ids.size() - next.id ||
            locations > parts_.locations.size() - next.location) {
          parts_.index_components.fail(ErrorKind::corrupt, "the index points behind the labels", z);
        }
        next.id += ids;
        next.location += locations;
      }
    };
    for (const SlabRange& slab : slabs_) {
      pass(slab.begin);
      entries.push_back(next);
    }
    pass(z_end_);
    return entries;
  }

  // Location words of slice z, those of the last slice being what is left behind `location`.
  [[nodiscard]] std::uint64_t indexed_locations(std::size_t z, std::size_t location) const {
    if (z + 1 < shape_.z) return parts_.index_locations[z + 1];
    return parts_.locations.size() - location;
  }

  void check_components(const Work& work) const {
    for (std::size_t z = work.slab.begin; z < work.slab.end; ++z) {
      if (parts_.index_components[z] != work.components.count_in_slice(z)) {
        parts_.index_components.fail(ErrorKind::corrupt,
                                     "component count differs from the boundary map", z);
      }
    }
  }

  void check_locations(std::size_t z, std::size_t begin, std::size_t end) const {
    if (end - begin == indexed_locations(z, begin)) return;
    if (z + 1 == shape_.z) surplus_locations(end);
    parts_.index_locations.fail(ErrorKind::corrupt,
                                "location count differs from the location words", z + 1);
  }

  // ---- without an index -----------------------------------------------------------------------

  // Codes 4 and 5 and 6-connected components look at other slabs, and where labels begin is known
  // when all slabs before have been counted: each step is taken for all slabs.
  void decode_together() {
    team_.for_each(works_.size(), [this](std::size_t i, unsigned) {
      analyse(works_[i], i);
      if (!six()) count_locations(works_[i]);
    });
    if (six()) {  // needs the boundary map of the slab before
      team_.for_each(works_.size(),
                     [this](std::size_t i, unsigned) { count_locations(works_[i]); });
    }
    Entries next;
    for (Work& work : works_) next = assign_entries(work, next);
    if (six()) next.id = stitch();
    check_all_used(next);
    team_.for_each_apart(works_.size(), [this](std::size_t i, unsigned) {
      const Work& work = works_[i];
      const std::vector<T> labels = component_labels(work);
      for (std::size_t z = work.slab.begin; z < work.slab.end; ++z) paint(work, z, labels);
    });
    team_.for_each(works_.size(), [this](std::size_t i, unsigned) {
      const Work& work = works_[i];
      std::size_t location = work.first.location;
      for (std::size_t z = work.slab.begin; z < work.slab.end; ++z) resolve(work, z, location);
    });
  }

  void count_locations(Work& work) {
    for (std::size_t z = work.slab.begin; z < work.slab.end; ++z) {
      std::size_t count = 0;
      for_each_word(work, z, [&](std::size_t, std::size_t, const BoundaryWord& word) {
        count += static_cast<std::size_t>(std::popcount(word.indeterminate));
      });
      work.indeterminate.push_back(count);
    }
  }

  // Returns where the next slab's labels begin.
  Entries assign_entries(Work& work, Entries next) const {
    work.first = next;
    for (std::size_t z = work.slab.begin; z < work.slab.end; ++z) {
      // 6-connected components are counted after the slabs have been joined.
      if (!six()) {
        const bool extra = parts_.paper_ids && has_boundary(work, z);
        next.id += work.components.count_in_slice(z) + (extra ? 1 : 0);
      }
      next.location += skip_locations(next.location, work.indeterminate[z - work.slab.begin]);
    }
    return next;
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

  // Joins components across slabs and returns their number.
  std::size_t stitch() {
    std::vector<const SlabComponents*> components;
    for (const Work& work : works_) {
      stitcher_.add(work.components);
      components.push_back(&work.components);
    }
    stitcher_.join(components, shape_.y);
    return stitcher_.number([](std::size_t, std::uint32_t) {});
  }

  // Everything in a stream is needed to decode all of it; what is left over is damage.
  void check_all_used(const Entries& end) const {
    if (end.id > parts_.ids.size()) {
      parts_.ids.fail(ErrorKind::corrupt, "fewer labels than the boundary map has components",
                      parts_.ids.size());
    }
    if (end.id != parts_.ids.size()) {
      parts_.ids.fail(ErrorKind::corrupt, "more labels than the boundary map has components",
                      end.id);
    }
    if (end.location != parts_.locations.size()) surplus_locations(end.location);
  }

  [[noreturn]] void surplus_locations(std::size_t end) const {
    parts_.locations.fail(ErrorKind::corrupt,
                          "more locations than the boundary map has indeterminate voxels", end);
  }

  // ---- boundary map and components ------------------------------------------------------------

  void analyse(Work& work, std::size_t number) {
    work.number = number;
    work.slab = slabs_[number];
    const auto [z_begin, z_end] = work.slab;
    const std::size_t wz = parts_.geometry.window.z;
    const std::size_t layers_begin = z_begin / wz * wz;
    const std::size_t layers_end = std::min(shape_.z, round_up(z_end, wz));
    charge(work, checked_multiply(8 * divide_up(shape_.x, std::size_t{64}) * shape_.y,
                                  layers_end - layers_begin, "the boundary map"));
    work.bits.reset(shape_.x, shape_.y, layers_begin, layers_end);
    unpack(work.bits);
    const std::size_t runs = SlabComponents::count_runs(work.bits, z_begin, z_end);
    charge(work, runs * sizeof(Run) + (z_end - z_begin) * shape_.y * sizeof(std::size_t));
    const std::size_t affordable = max_memory_ / component_bytes;
    if (!work.components.find(work.bits, z_begin, z_end, parts_.geometry.connectivity,
                              std::min(affordable, SlabComponents::default_max_components), runs)) {
      fail_memory();
    }
    charge(work, work.components.count() * component_bytes);
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

  // ---- labels ---------------------------------------------------------------------------------

  [[nodiscard]] T narrow(std::uint64_t label, const PackedArray& section, std::size_t i) const {
    if (label > std::numeric_limits<T>::max()) [[unlikely]] {
      section.fail(ErrorKind::unsupported,
                   "label " + std::to_string(label) + " does not fit the type of the voxels", i);
    }
    return static_cast<T>(label);
  }

  [[nodiscard]] T label_of_id(std::size_t i) const {
    return narrow(parts_.ids[i] - (parts_.paper_ids ? 1 : 0), parts_.ids, i);
  }

  [[nodiscard]] std::vector<T> component_labels(const Work& work) const {
    std::vector<T> labels;
    labels.reserve(work.components.count());
    if (six()) {
      for (std::uint32_t c = 0; c < work.components.count(); ++c) {
        labels.push_back(label_of_id(stitcher_.number_of(work.number, c)));
      }
      return labels;
    }
    std::size_t id = work.first.id;
    for (std::size_t z = work.slab.begin; z < work.slab.end; ++z) {
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

  [[nodiscard]] static bool has_boundary(const Work& work, std::size_t z) {
    // A slice without boundary voxels has whole rows of clear voxels only.
    const BitSlab& bits = work.bits;
    const std::uint64_t* row = bits.row(0, z);
    const std::size_t words = bits.words_per_row() * bits.y();
    return std::any_of(row, row + words, [](std::uint64_t word) { return word != 0; });
  }

  // Labels of all voxels of a slice that belong to a component or have one to their left.
  void paint(const Work& work, std::size_t z, const std::vector<T>& labels) const {
    for (std::size_t y = 0; y < shape_.y; ++y) {
      for (const Run& run : work.components.row(y, z)) {
        const std::size_t end = std::min<std::size_t>(shape_.x, std::size_t{run.end} + 1);
        target_.fill(run.begin, end, y, z - z_begin_, labels[run.component]);
      }
    }
  }

  // All other boundary voxels; `location` is the next location word.
  void resolve(const Work& work, std::size_t z, std::size_t& location) const {
    const std::size_t out_z = z - z_begin_;
    for_each_word(work, z, [&](std::size_t y, std::size_t x0, const BoundaryWord& word) {
      for_each_set_bit(word.copy_above, x0, [&](std::size_t x) {
        target_.at(x, y, out_z) = target_.at(x, y - 1, out_z);
      });
      for_each_set_bit(word.copy_behind, x0, [&](std::size_t x) {
        target_.at(x, y, out_z) = target_.at(x, y, out_z - 1);
      });
      for_each_set_bit(word.indeterminate, x0, [&](std::size_t x) {
        target_.at(x, y, out_z) = read_location(work, x, y, z, location);
      });
    });
  }

  [[nodiscard]] T read_location(const Work& work, std::size_t x, std::size_t y, std::size_t z,
                                std::size_t& location) const {
    const std::size_t i = location++;
    const std::uint64_t word = parts_.locations[i];
    if (word < neighbour_codes) return neighbour_label(work, x, y, z, word, i);
    if (word == EscapedLocations<T>::escape && parts_.has_escape()) {
      const std::size_t label = location++;
      return narrow(parts_.locations[label], parts_.locations, label);
    }
    return narrow(word - parts_.first_label_word, parts_.locations, i);
  }

  [[nodiscard]] T neighbour_label(const Work& work, std::size_t x, std::size_t y, std::size_t z,
                                  std::uint64_t code, std::size_t i) const {
    const std::size_t out_z = z - z_begin_;
    const auto component_voxel = [&](bool inside, std::size_t dx, std::size_t dy, std::size_t nz) {
      return inside && !is_boundary(work, x + dx, y + dy, nz);
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

  [[nodiscard]] const BitSlab& bits_of(const Work& work, std::size_t z) const {
    if (z < work.slab.begin) return works_[work.number - 1].bits;
    if (z >= work.slab.end) return works_[work.number + 1].bits;
    return work.bits;
  }

  [[nodiscard]] bool is_boundary(const Work& work, std::size_t x, std::size_t y,
                                 std::size_t z) const {
    return bits_of(work, z).test(x, y, z);
  }

  // Calls `function(y, x0, BoundaryWord)` for the words of a slice.
  template <class Function>
  void for_each_word(const Work& work, std::size_t z, Function&& function) const {
    const BitSlab& bits = work.bits;
    const BitSlab* behind_bits = six() && z > 0 ? &bits_of(work, z - 1) : nullptr;
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
};

}  // namespace segpresso::compresso
