// Finds everything that a stream of the family stores; the formats only differ in how they write
// it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/thread_team.hpp"
#include "compresso/boundary_voxels.hpp"
#include "compresso/component_stitcher.hpp"
#include "compresso/geometry.hpp"
#include "compresso/window_encoder.hpp"
#include "labels/boundary_map.hpp"
#include "labels/components.hpp"
#include "labels/slab_reader.hpp"

namespace segpresso::compresso {

// Where a slice's boundary voxels stand among its components, which v1 and v2 record.
struct SliceSummary {
  std::uint32_t components = 0;
  std::uint64_t location_words = 0;
  bool has_boundary = false;
  // Whether the first voxel is a boundary voxel. If not, exactly one component starts before the
  // first boundary voxel: all voxels before it in raster order are connected.
  bool starts_with_boundary = false;
  std::uint64_t first_boundary_label = 0;
};

// `Coding` is one of location_coding.hpp. Slabs of slices are encoded side by side; the result does
// not depend on how many threads do it.
template <class T, class Coding>
class ModelEncoder {
 public:
  using Word = typename Coding::Word;

  ModelEncoder(const LabelView& labels, const Geometry& geometry, const Coding& coding,
               ThreadTeam& team)
      : labels_(labels),
        geometry_(geometry),
        coding_(coding),
        slabs_(cut_slabs(labels.shape.x * labels.shape.y, 0, labels.shape.z, geometry.window.z,
                         team.size(),
                         geometry.codes_across_slices ? mapped_twice_slab : usual_slab)),
        results_(slabs_.size()),
        slices_(labels.shape.z),
        workers_(team.size()),
        windows_(labels.shape, geometry.window, slabs_, team.size()) {
    team.for_each(slabs_.size(),
                  [this](std::size_t slab, unsigned worker) { encode_slab(slab, worker); });
    windows_.rank(team);
    collect_ids();
  }

  // One label per component, in component order.
  [[nodiscard]] const std::vector<T>& ids() const noexcept { return ids_; }
  [[nodiscard]] const std::vector<SliceSummary>& slices() const noexcept { return slices_; }

  // The location words of each slab.
  [[nodiscard]] std::vector<std::vector<Word>> take_locations() {
    std::vector<std::vector<Word>> parts;
    parts.reserve(results_.size());
    for (SlabResult& result : results_) parts.push_back(std::move(result.locations));
    return parts;
  }
  [[nodiscard]] WindowEncoder take_windows() { return std::move(windows_); }

 private:
  struct SlabResult {
    std::vector<T> ids;
    std::vector<Word> locations;
    SlabComponents components;  // kept only until slabs are joined (connectivity six)
  };

  struct Worker {
    SlabReader<T> rows;
    BitSlab bits;
    SlabComponents components;
  };

  void encode_slab(std::size_t slab, unsigned worker_number) {
    Worker& worker = workers_[worker_number];
    SlabResult& result = results_[slab];
    const auto [z_begin, z_end] = slabs_[slab];
    const bool six = geometry_.connectivity == Connectivity::six;

    // Codes 4 and 5 look at the boundary map of the slices next to the slab.
    const std::size_t ghost = geometry_.codes_across_slices ? 1 : 0;
    const std::size_t bits_begin = z_begin - std::min(z_begin, ghost);
    const std::size_t bits_end = std::min(labels_.shape.z, z_end + ghost);
    worker.rows.open(labels_, bits_begin, std::min(labels_.shape.z, bits_end + (six ? 1 : 0)));
    worker.bits.reset(labels_.shape.x, labels_.shape.y, bits_begin, bits_end);
    map_boundaries(worker.rows, labels_.shape.z, geometry_.connectivity, worker.bits);

    SlabComponents& components = six ? result.components : worker.components;
    if (!components.find(worker.bits, z_begin, z_end, geometry_.connectivity)) {
      throw Error(ErrorKind::unsupported, "more than 2^32 - 2 components in a slab");
    }
    result.ids.reserve(components.count());
    for (const auto& voxel : components.first_voxels()) {
      result.ids.push_back(worker.rows.row(voxel.y, voxel.z)[voxel.x]);
    }
    for (std::size_t z = z_begin; z < z_end; ++z) {
      slices_[z].components = components.count_in_slice(z);
      find_first_boundary(worker, z);
      code_locations(worker, z, result.locations);
    }
    windows_.code(worker.bits, slab, worker_number);
  }

  void find_first_boundary(const Worker& worker, std::size_t z) {
    SliceSummary& slice = slices_[z];
    for (std::size_t y = 0; y < labels_.shape.y; ++y) {
      const std::uint64_t* row = worker.bits.row(y, z);
      for (std::size_t i = 0; i < worker.bits.words_per_row(); ++i) {
        if (row[i] == 0) continue;
        const std::size_t x = 64 * i + static_cast<std::size_t>(std::countr_zero(row[i]));
        slice.has_boundary = true;
        slice.starts_with_boundary = x == 0 && y == 0;
        slice.first_boundary_label = worker.rows.row(y, z)[x];
        return;
      }
    }
  }

  void code_locations(const Worker& worker, std::size_t z, std::vector<Word>& words) {
    const std::size_t before = words.size();
    const BitSlab& bits = worker.bits;
    for (std::size_t y = 0; y < labels_.shape.y; ++y) {
      const std::uint64_t* above = y > 0 ? bits.row(y - 1, z) : nullptr;
      const bool deep = geometry_.connectivity == Connectivity::six && z > 0;
      const std::uint64_t* behind = deep ? bits.row(y, z - 1) : nullptr;
      for_each_boundary_word(bits.row(y, z), above, behind, bits.words_per_row(),
                             [&](std::size_t i, const BoundaryWord& word) {
                               for_each_set_bit(word.indeterminate, 64 * i, [&](std::size_t x) {
                                 code_location(worker, x, y, z, words);
                               });
                             });
    }
    slices_[z].location_words = words.size() - before;
  }

  void code_location(const Worker& worker, std::size_t x, std::size_t y, std::size_t z,
                     std::vector<Word>& words) const {
    const T label = worker.rows.row(y, z)[x];
    const auto agrees = [&](std::size_t nx, std::size_t ny, std::size_t nz) {
      return !worker.bits.test(nx, ny, nz) && worker.rows.row(ny, nz)[nx] == label;
    };
    const Shape& shape = labels_.shape;
    if (x + 1 < shape.x && agrees(x + 1, y, z)) {
      words.push_back(1);
    } else if (y + 1 < shape.y && agrees(x, y + 1, z)) {
      words.push_back(3);
    } else if (geometry_.codes_across_slices && z > 0 && agrees(x, y, z - 1)) {
      words.push_back(4);
    } else if (geometry_.codes_across_slices && z + 1 < shape.z && agrees(x, y, z + 1)) {
      words.push_back(5);
    } else {
      coding_.add_label(words, label);
    }
  }

  void collect_ids() {
    if (geometry_.connectivity == Connectivity::six) {
      ComponentStitcher stitcher;
      std::vector<const SlabComponents*> components;
      for (const SlabResult& result : results_) {
        stitcher.add(result.components);
        components.push_back(&result.components);
      }
      stitcher.join(components, labels_.shape.y);
      stitcher.number([&](std::size_t slab, std::uint32_t component) {
        ids_.push_back(results_[slab].ids[component]);
      });
    } else {
      for (const SlabResult& result : results_) {
        ids_.insert(ids_.end(), result.ids.begin(), result.ids.end());
      }
    }
  }

  const LabelView& labels_;
  const Geometry& geometry_;
  const Coding& coding_;
  std::vector<SlabRange> slabs_;
  std::vector<SlabResult> results_;
  std::vector<SliceSummary> slices_;
  std::vector<Worker> workers_;
  WindowEncoder windows_;
  std::vector<T> ids_;
};

}  // namespace segpresso::compresso
