#include "native/small/scene.hpp"

#include <algorithm>
#include <bit>

namespace segpresso::native::small {

const Reference no_reference = [] {
  Reference none;
  none.number();
  return none;
}();

void Reference::number() {
  const std::uint32_t shift1 = edge.shift_class_before(0);
  const auto moved = [&](unsigned rows, int most) {
    return static_cast<std::uint32_t>(std::clamp(edge.moved(rows), -most, most)) & 0xFF;
  };
  const std::uint32_t moves3 = edge.move(0) | edge.move(1) << 6 | edge.move(2) << 12;
  numbers.value[0] = (moved(4, 31) | shift1 << 8 | moved(8, 63) << 16) * number_factor;
  numbers.value[8] = edge.history * number_factor;
  numbers.value[9] = (shift_class(offset_before) | shift1 << 5) * number_factor;
  numbers.value[10] = moves3 * number_factor;
  numbers.value[11] = (moves3 | edge.move(3) << 18 | edge.move(4) << 24) * number_factor;
}

void Scene::begin_block(const BlockShape& shape, const BlockTraits& traits,
                        std::uint32_t index_count) {
  traits_ = traits;
  width_ = static_cast<int>(shape.x);
  height_ = static_cast<int>(shape.y);
  for (Slice& slice : slices_) slice.reshape(width_, height_);
  current_ = slices_.data();
  before_ = current_ + 1;
  two_before_ = current_ + 2;
  edges_above_.assign(shape.x + 1, Edge{});
  edges_.assign(shape.x + 1, Edge{});
  const std::size_t words = shape.x / 64 + 1;
  unlike_.assign(BitRow::words_for(width_), 0);
  quiet_as_before_.assign(words, 0);
  quiet_unlike_before_.assign(words, 0);
  first_row_.assign(index_count, -1);
}

void Scene::begin_slice(int z) {
  z_ = z;
  first_in_slice_ = z * height_;
  next_in_slice_ = 0;
  current_->begin(*before_);
  std::ranges::fill(edges_above_, Edge{});
}

void Scene::end_slice() {
  current_->end();
  std::swap(current_, two_before_);
  std::swap(two_before_, before_);
}

void Scene::begin_row(int y) {
  y_ = y;
  current_->begin_row(y);
  for (int i = 0; i < 4; ++i) rows_[static_cast<std::size_t>(i)] = current_->row(y - i);
  for (int i = 0; i < 5; ++i) rows_before_[static_cast<std::size_t>(i)] = before_->row(y + i - 2);
  for (int i = 0; i < 3; ++i) {
    rows_two_before_[static_cast<std::size_t>(i)] = two_before_->row(y + i - 1);
  }
  edges_above_bits_ = current_->edges(y - 1);
  edges_before_bits_ = {before_->edges(y - 1), before_->edges(y)};
  steps_before_bits_ = before_->steps(y);
  unlike_bits_ = BitRow(unlike_.data());
  for (Reference& reference : references_) reference.x = -1000;
  last_edge_ = -32;
  find_quiet();
  const auto residue = [](const BlockTraits::Axis& axis, int at) {
    return axis.period == 0
               ? 0
               : (static_cast<std::uint32_t>(at) + axis.period - axis.origin) % axis.period;
  };
  row_phase_ = residue(traits_.axes[1], y) * 16 + residue(traits_.axes[2], z_) * 256;
}

void Scene::end_row() {
  current_->end_row(y_);
  std::swap(edges_above_, edges_);
}

std::uint32_t Scene::phase(int x) const {
  const BlockTraits::Axis& axis = traits_.axes[0];
  if (axis.period == 0) return row_phase_;
  return row_phase_ + (static_cast<std::uint32_t>(x) + axis.period - axis.origin) % axis.period;
}

void Scene::repeat_above(int x, int end) {
  if (x == end) return;
  const Index index = row(1)[x];
  std::fill(rows_[0] + x, rows_[0] + end, index);
  note(index);
}

void Scene::add_edge(int x) {
  current_->edges(y_).set(x);
  const Index* voxel = rows_[0] + x;
  const int distance = nearest_edge(edges_above(), row(1), x, 20, voxel[-1], voxel[0], false);
  last_edge_ = x;
  edges_[static_cast<std::size_t>(x)] =
      distance == no_shift
          ? new_edge()
          : continued(edges_above_[static_cast<std::size_t>(std::ptrdiff_t{x} + distance)],
                      -distance);
}

void Scene::refer_to(Reference& r, int x) {
  const Index* above = row(1);
  r.x = x;
  r.left = above[x - 1];
  r.right = above[x];
  r.edge = edges_above_[static_cast<std::size_t>(x)];
  const Index* upper = before(-1);
  r.offset_before = nearest_edge(edges_before(-1), upper, x, 10, r.left, r.right, false);
  r.shift_before = no_shift;
  if (r.offset_before != no_shift) {
    const int at = x + r.offset_before;
    r.shift_before =
        nearest_edge(edges_before(0), before(0), at, 8, upper[at - 1], upper[at], true);
  }
  r.number();
}

int Scene::quiet_end(int x, Quiet kind) const {
  const auto& bits = kind == Quiet::as_before ? quiet_as_before_ : quiet_unlike_before_;
  auto word = static_cast<std::size_t>(x) / 64;
  std::uint64_t others = ~bits[word] & ~std::uint64_t{0} << x % 64;
  while (others == 0) {
    if (++word == bits.size()) return width_;
    others = ~bits[word];
  }
  return std::min(width_, static_cast<int>(word * 64) + std::countr_zero(others));
}

void Scene::find_quiet() {
  if (row(1)[0] == no_index) {  // nothing above
    std::ranges::fill(unlike_, 0);
    std::ranges::fill(quiet_as_before_, 0);
    std::ranges::fill(quiet_unlike_before_, 0);
    return;
  }
  const BitRow above = edges_above();
  const BitRow previous = edges_before(0);
  const std::uint64_t* steps = before_->steps(y_).words();
  const std::uint64_t* steps_above = before_->steps(y_ - 1).words();
  for (int x = 0; x < width_; x += 64) {
    const auto word = static_cast<std::size_t>(x) / 64;
    std::uint64_t unlike = 0;
    for (int part = 0; part < 64 && x + part < width_; part += 16) {
      unlike |= std::uint64_t{differ_mask(row(1) + x + part, before(0) + x + part)} << part;
    }
    if (width_ - x < 64) unlike &= ~(~std::uint64_t{0} << (width_ - x));
    this->unlike().words()[word] = unlike;
    std::uint64_t loud = steps[word] | above.from(x);
    for (int i = 1; i <= 3; ++i) loud |= above.from(x + i);
    for (int i = 1; i <= 2; ++i) loud |= previous.from(x + i);
    if (width_ - x < 64) loud |= ~std::uint64_t{0} << (width_ - x);
    quiet_as_before_[word] = ~(loud | unlike);
    quiet_unlike_before_[word] = unlike & ~(loud | previous.from(x) | steps_above[word]);
  }
}

}  // namespace segpresso::native::small
