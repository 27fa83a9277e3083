#include "compresso/window_encoder.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

#include "segpresso/error.hpp"

namespace segpresso::compresso {
namespace {

[[noreturn]] void fail_run() {
  throw Error(ErrorKind::unsupported,
              "more than 2^31 - 1 empty windows in a slice; choose a larger window");
}

// Where no window is empty, index 0 is that of another value, whose runs were not seen yet.
void join_smallest(std::vector<std::uint32_t>& tokens) {
  std::size_t kept = 0;
  for (const std::uint32_t token : tokens) {
    if (token != 0) {
      tokens[kept++] = token;
    } else if (kept > 0 && WindowEncoder::is_run(tokens[kept - 1])) {
      if (++tokens[kept - 1] == 0) fail_run();
    } else {
      tokens[kept++] = WindowEncoder::run_flag | 1;
    }
  }
  tokens.resize(kept);
}

}  // namespace

WindowEncoder::WindowEncoder(const Shape& shape, const Window& window,
                             std::span<const SlabRange> slabs, unsigned workers)
    : shape_(shape), window_(window), grid_(shape, window) {
  for (const SlabRange& slices : slabs)
    slabs_.push_back({.slices = slices, .worker = 0, .tokens = {}});
  for (unsigned i = 0; i < workers; ++i) {
    workers_.push_back({.dictionary = WindowDictionary(window.voxels()), .row = {}, .ranks = {}});
  }
}

void WindowEncoder::code(const BitSlab& bits, std::size_t slab, unsigned worker_number) {
  Worker& worker = workers_[worker_number];
  slabs_[slab].worker = worker_number;
  const auto [z_begin, z_end] = slabs_[slab].slices;
  std::vector<std::uint32_t> tokens;  // not in place: threads would share a cache line
  const std::size_t words = bits.words_per_row();
  const std::vector<std::uint64_t> outside(words, 0);
  worker.row.resize(padded_window_count(grid_.x));
  std::vector<const std::uint64_t*> rows(std::size_t{window_.y} * window_.z);
  std::uint32_t run = 0;
  const auto end_run = [&] {
    if (run == 0) return;
    worker.empty_window_seen = true;
    tokens.push_back(run_flag | run);
    run = 0;
  };
  for (std::size_t k = z_begin / window_.z; k * window_.z < z_end; ++k) {
    for (std::size_t j = 0; j < grid_.y; ++j) {
      for (std::size_t r = 0; r < rows.size(); ++r) {
        const std::size_t y = j * window_.y + r % window_.y;
        const std::size_t z = k * window_.z + r / window_.y;
        const bool inside = y < shape_.y && z < shape_.z;
        rows[r] = inside ? bits.row(y, z) : outside.data();
      }
      pack_windows(rows, words, window_.x, grid_.x, worker.row.data());
      for (std::size_t i = 0; i < grid_.x; ++i) {
        const std::uint64_t value = worker.row[i];
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
  slabs_[slab].tokens = std::move(tokens);
}

void WindowEncoder::rank(ThreadTeam& team) {
  rank_values(team);
  team.for_each(slabs_.size(), [this](std::size_t slab, unsigned) { rank_tokens(slabs_[slab]); });
}

void WindowEncoder::rank_values(ThreadTeam& team) {
  std::vector<std::vector<WindowDictionary::Entry>> sorted(workers_.size());
  team.for_each(workers_.size(),
                [&](std::size_t i, unsigned) { sorted[i] = workers_[i].dictionary.sorted(); });
  if (std::ranges::any_of(workers_, &Worker::empty_window_seen)) values_.push_back(0);
  for (const auto& entries : sorted) {
    const std::vector<std::uint64_t> before = std::exchange(values_, {});
    values_.reserve(before.size() + entries.size());
    std::ranges::set_union(before, entries | std::views::transform(&WindowDictionary::Entry::value),
                           std::back_inserter(values_));
  }
  team.for_each(workers_.size(), [&](std::size_t i, unsigned) {
    std::vector<std::uint32_t>& ranks = workers_[i].ranks;
    ranks.resize(sorted[i].size());
    std::uint32_t rank = 0;
    for (const auto& [value, number] : sorted[i]) {
      while (values_[rank] != value) ++rank;
      ranks[number] = rank;
    }
  });
}

// Replaces the numbers of a worker's dictionary by indices of all values.
void WindowEncoder::rank_tokens(Slab& slab) const {
  const std::vector<std::uint32_t>& ranks = workers_[slab.worker].ranks;
  for (std::uint32_t& token : slab.tokens) {
    if (!is_run(token)) token = ranks[token];
  }
  if (values_[0] != 0) join_smallest(slab.tokens);
}

std::size_t WindowEncoder::token_count() const noexcept {
  std::size_t count = 0;
  for (const Slab& slab : slabs_) count += slab.tokens.size();
  return count;
}

std::vector<WindowEncoder::Part> WindowEncoder::parts() const {
  std::vector<Part> parts;
  std::uint64_t run = 0;
  for (const Slab& slab : slabs_) {
    // Runs at the ends of a slab may go on in the next.
    std::span<const std::uint32_t> tokens = slab.tokens;
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

}  // namespace segpresso::compresso
