// The indices of a block, from the rows that a decoder hands over.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "native/row_sink.hpp"
#include "native/structure.hpp"

namespace segpresso::test {

class IndexRows final : public native::RowSink {
 public:
  explicit IndexRows(const native::BlockShape& shape) : shape_(shape) {}

  void take_row(std::uint32_t z, std::uint32_t y, const native::Runs& runs) override {
    in_order_ = in_order_ && is_next(z, y);
    for (const native::Run& run : runs) {
      indices.insert(indices.end(), (&run)[1].start - run.start, run.label);
    }
  }

  void repeat_row(std::uint32_t z, std::uint32_t y) override {
    in_order_ = in_order_ && is_next(z, y) && y > 0;
    if (!in_order_) return;
    indices.resize(indices.size() + shape_.x);
    const auto row = indices.end() - shape_.x;
    std::copy(row - shape_.x, row, row);
  }

  // Whether these were rows of a block, one after the other and each as long as it must be.
  [[nodiscard]] bool in_order() const noexcept { return in_order_; }

  std::vector<native::Index> indices;

 private:
  [[nodiscard]] bool is_next(std::uint32_t z, std::uint32_t y) const noexcept {
    return indices.size() == (std::size_t{z} * shape_.y + y) * shape_.x;
  }

  native::BlockShape shape_;
  bool in_order_ = true;
};

}  // namespace segpresso::test
