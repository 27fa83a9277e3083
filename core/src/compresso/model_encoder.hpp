// Finds everything that a stream of the family stores; the formats only differ in how they write
// it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <ranges>
#include <span>
#include <utility>
#include <vector>

#include "base/thread_team.hpp"
#include "compresso/boundary_voxels.hpp"
#include "compresso/component_stitcher.hpp"
#include "compresso/geometry.hpp"
#include "compresso/window_dictionary.hpp"
#include "labels/boundary_map.hpp"
#include "labels/components.hpp"
#include "labels/slab_reader.hpp"
#include "labels/windows.hpp"

namespace segpresso::compresso {

// Where a slice's boundary voxels stand among its components, which v1 and v2 record.
template <class T>
struct SliceSummary {
  std::uint32_t components = 0;
  std::uint64_t location_words = 0;
  bool has_boundary = false;
  // Whether the first voxel is a boundary voxel. If not, exactly one component starts before the
  // first boundary voxel: all voxels before it in raster order are connected.
  bool starts_with_boundary = false;
  T first_boundary_label = 0;
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
        slices_(labels.shape.z) {
    for (unsigned worker = 0; worker < team.size(); ++worker) {
      workers_.push_back(std::make_unique<Worker>(geometry.window.voxels()));
    }
    team.for_each(slabs_.size(),
                  [this](std::size_t slab, unsigned worker) { encode_slab(slab, worker); });
    rank_values(team);
    team.for_each(slabs_.size(), [this](std::size_t slab, unsigned) { rank_tokens(slab); });
    collect_ids();
  }

  // One label per component, in component order.
  [[nodiscard]] const std::vector<T>& ids() const noexcept { return ids_; }
  [[nodiscard]] const std::vector<SliceSummary<T>>& slices() const noexcept { return slices_; }
  // Distinct window values, ascending.
  [[nodiscard]] const std::vector<std::uint64_t>& values() const noexcept { return values_; }

  [[nodiscard]] std::size_t location_count() const noexcept {
    std::size_t count = 0;
    for (const SlabResult& result : results_) count += result.locations.size();
    return count;
  }
  // The location words of each slab.
  [[nodiscard]] std::vector<std::span<const Word>> location_parts() const {
    std::vector<std::span<const Word>> parts;
    parts.reserve(results_.size());
    for (const SlabResult& result : results_) parts.emplace_back(result.locations);
    return parts;
  }

  // About as many words as the formats need for the windows.
  [[nodiscard]] std::size_t window_token_count() const noexcept {
    std::size_t count = 0;
    for (const SlabResult& result : results_) count += result.windows.size();
    return count;
  }

  // Window indices in raster order: the index of a value, or with this flag the length of a run of
  // index 0.
  static constexpr std::uint32_t run_flag = std::uint32_t{1} << 31;

  // After `run` windows of index 0 come `tokens`, which neither begin nor end with such a run.
  struct WindowPart {
    std::uint64_t run = 0;
    std::span<const std::uint32_t> tokens;
  };

  // The windows of each slab, and at the end a part for the run that nothing follows.
  [[nodiscard]] std::vector<WindowPart> window_parts() const {
    std::vector<WindowPart> parts;
    std::uint64_t run = 0;
    for (const SlabResult& result : results_) {
      // Runs at the ends of a slab may go on in the next.
      std::span<const std::uint32_t> tokens = result.windows;
      if (is_run(tokens.front())) {
        run += tokens.front() & ~run_flag;
        tokens = tokens.subspan(1);
      }
      if (tokens.empty()) {
        parts.push_back({});
        continue;
      }
      const std::uint64_t before = std::exchange(run, 0);
      if (is_run(tokens.back())) {
        run = tokens.back() & ~run_flag;
        tokens = tokens.first(tokens.size() - 1);
      }
      parts.push_back({before, tokens});
    }
    parts.push_back({run, {}});
    return parts;
  }

  // Calls `on_index(index)` for each index and `on_run(length)` for each maximal run of index 0 but
  // that at the end, which the formats treat differently: its length is returned.
  template <class OnRun, class OnIndex>
  std::uint64_t for_each_window_run(OnRun&& on_run, OnIndex&& on_index) const {
    const std::vector<WindowPart> parts = window_parts();
    for (const WindowPart& part : std::span(parts).first(parts.size() - 1)) {
      if (part.run != 0) on_run(part.run);
      for (const std::uint32_t token : part.tokens) {
        if (is_run(token)) {
          on_run(std::uint64_t{token & ~run_flag});
        } else {
          on_index(token);
        }
      }
    }
    return parts.back().run;
  }

 private:
  static constexpr bool is_run(std::uint32_t token) noexcept { return token >= run_flag; }

  struct SlabResult {
    unsigned worker = 0;
    std::vector<T> ids;
    std::vector<Word> locations;
    std::vector<std::uint32_t> windows;
    SlabComponents components;  // kept only until slabs are joined (connectivity six)
  };

  struct Worker {
    explicit Worker(unsigned window_voxels) : dictionary(window_voxels) {}

    SlabReader<T> rows;
    BitSlab bits;
    SlabComponents components;
    WindowDictionary dictionary;
    bool empty_window_seen = false;
    std::vector<std::uint64_t> window_row;
  };

  void encode_slab(std::size_t slab, unsigned worker_number) {
    Worker& worker = *workers_[worker_number];
    SlabResult& result = results_[slab];
    result.worker = worker_number;
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
    code_windows(worker, z_begin, z_end, result.windows);
  }

  void find_first_boundary(const Worker& worker, std::size_t z) {
    SliceSummary<T>& slice = slices_[z];
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

  void code_windows(Worker& worker, std::size_t z_begin, std::size_t z_end,
                    std::vector<std::uint32_t>& tokens) {
    const Window& window = geometry_.window;
    const WindowGrid grid = geometry_.grid();
    const std::size_t words = worker.bits.words_per_row();
    const std::vector<std::uint64_t> outside(words, 0);
    worker.window_row.resize(padded_window_count(grid.x));
    std::vector<const std::uint64_t*> rows(std::size_t{window.y} * window.z);
    std::uint32_t run = 0;
    const auto end_run = [&] {
      if (run == 0) return;
      worker.empty_window_seen = true;
      tokens.push_back(run_flag | run);
      run = 0;
    };
    for (std::size_t k = z_begin / window.z; k * window.z < z_end; ++k) {
      for (std::size_t j = 0; j < grid.y; ++j) {
        for (std::size_t r = 0; r < rows.size(); ++r) {
          const std::size_t y = j * window.y + r % window.y;
          const std::size_t z = k * window.z + r / window.y;
          const bool inside = y < labels_.shape.y && z < labels_.shape.z;
          rows[r] = inside ? worker.bits.row(y, z) : outside.data();
        }
        pack_windows(rows, words, window.x, grid.x, worker.window_row.data());
        for (std::size_t i = 0; i < grid.x; ++i) {
          const std::uint64_t value = worker.window_row[i];
          if (value == 0) {
            if (++run == run_flag) fail_run();
          } else {
            end_run();
            tokens.push_back(worker.dictionary.number(value));
          }
        }
      }
    }
    end_run();
  }

  [[noreturn]] static void fail_run() {
    throw Error(ErrorKind::unsupported,
                "more than 2^31 - 1 empty windows in a slice; choose a larger window");
  }

  void rank_values(ThreadTeam& team) {
    std::vector<std::vector<WindowDictionary::Entry>> sorted(workers_.size());
    team.for_each(workers_.size(),
                  [&](std::size_t i, unsigned) { sorted[i] = workers_[i]->dictionary.sorted(); });
    const auto saw_empty = [](const auto& worker) { return worker->empty_window_seen; };
    if (std::ranges::any_of(workers_, saw_empty)) values_.push_back(0);
    for (const auto& entries : sorted) {
      const std::vector<std::uint64_t> before = std::exchange(values_, {});
      values_.reserve(before.size() + entries.size());
      std::ranges::set_union(before,
                             entries | std::views::transform(&WindowDictionary::Entry::value),
                             std::back_inserter(values_));
    }
    ranks_.resize(workers_.size());
    team.for_each(workers_.size(), [&](std::size_t i, unsigned) {
      ranks_[i].resize(sorted[i].size());
      std::uint32_t rank = 0;
      for (const auto& [value, number] : sorted[i]) {
        while (values_[rank] != value) ++rank;
        ranks_[i][number] = rank;
      }
    });
  }

  // Replaces the numbers of a worker's dictionary by indices of all values.
  void rank_tokens(std::size_t slab) {
    SlabResult& result = results_[slab];
    const std::vector<std::uint32_t>& ranks = ranks_[result.worker];
    for (std::uint32_t& token : result.windows) {
      if (!is_run(token)) token = ranks[token];
    }
    if (values_[0] != 0) join_smallest(result.windows);
  }

  // Where no window is empty, index 0 is that of another value, whose runs were not seen yet.
  static void join_smallest(std::vector<std::uint32_t>& tokens) {
    std::size_t kept = 0;
    for (const std::uint32_t token : tokens) {
      if (token != 0) {
        tokens[kept++] = token;
      } else if (kept > 0 && is_run(tokens[kept - 1])) {
        if (++tokens[kept - 1] == 0) fail_run();
      } else {
        tokens[kept++] = run_flag | 1;
      }
    }
    tokens.resize(kept);
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
  std::vector<SliceSummary<T>> slices_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::vector<std::uint32_t>> ranks_;
  std::vector<std::uint64_t> values_;
  std::vector<T> ids_;
};

}  // namespace segpresso::compresso
