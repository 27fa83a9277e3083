// Reading and writing volumes of any strides.
#include <doctest/doctest.h>

#include "labels/label_target.hpp"
#include "labels/slab_reader.hpp"
#include "support/made_up.hpp"

namespace segpresso::test {
namespace {

constexpr Shape shapes[]{{1, 1, 1}, {1, 5, 3}, {7, 1, 2}, {5, 3, 1}, {6, 5, 4}, {130, 3, 5}};

template <class T>
constexpr LabelType type_of = static_cast<LabelType>(sizeof(T));

TEST_CASE_TEMPLATE("rows are those of the volume, whatever its layout", T, std::uint8_t,
                   std::uint16_t, std::uint32_t, std::uint64_t) {
  SlabReader<T> rows;  // its buffer is used again and again
  for (const Shape& shape : shapes) {
    for (const Layout& layout : layouts) {
      const Volume volume = make_volume(Kind::distinct, shape, type_of<T>, 1).in_layout(layout);
      for (std::size_t z_begin = 0; z_begin < shape.z; ++z_begin) {
        for (std::size_t z_end = z_begin + 1; z_end <= shape.z; ++z_end) {
          const LabelView view = volume.view();
          rows.open(view, z_begin, z_end);
          bool same = true;
          for (std::size_t z = z_begin; z < z_end; ++z) {
            for (std::size_t y = 0; y < shape.y; ++y) {
              for (std::size_t x = 0; x < shape.x; ++x) {
                same = same && rows.row(y, z)[x] == volume.at(x, y, z);
              }
            }
          }
          REQUIRE(same);
        }
      }
    }
  }
}

TEST_CASE("a stride of 0 repeats a label, as broadcast arrays do") {
  const std::array<std::uint16_t, 3> labels{7, 8, 9};
  const auto* data = reinterpret_cast<const std::byte*>(labels.data());
  const Shape shape{3, 3, 3};
  for (unsigned axis = 0; axis < 3; ++axis) {
    LabelView view{data, LabelType::u16, shape, {0, 0, 0}};
    view.strides[axis] = 2;
    SlabReader<std::uint16_t> rows;
    rows.open(view, 1, 3);
    for (std::size_t z = 1; z < 3; ++z) {
      for (std::size_t y = 0; y < 3; ++y) {
        for (std::size_t x = 0; x < 3; ++x) {
          CHECK(rows.row(y, z)[x] == labels[std::array{x, y, z}[axis]]);
        }
      }
    }
  }
}

TEST_CASE_TEMPLATE("a target writes the voxels it is told to, and nothing else", T, std::uint8_t,
                   std::uint16_t, std::uint32_t, std::uint64_t) {
  Random random(11);
  for (const Shape& shape : shapes) {
    for (const Layout& layout : layouts) {
      Volume volume = make_volume(Kind::distinct, shape, type_of<T>, 2).in_layout(layout);
      Volume expected = volume;
      const LabelTarget<T> target(volume.target());
      for (unsigned repetition = 0; repetition < 10; ++repetition) {
        const std::size_t begin = random.below(shape.x);
        const std::size_t end = begin + random.below(shape.x - begin + 1);
        const std::size_t y = random.below(shape.y);
        const std::size_t z = random.below(shape.z);
        const auto label = static_cast<T>(random.next());
        target.fill(begin, end, y, z, label);
        for (std::size_t x = begin; x < end; ++x) expected.set(x, y, z, label);
        target.at(begin, y, z) = 5;
        expected.set(begin, y, z, 5);
        if (T* row = target.contiguous_row(y, z)) CHECK(row == &target.at(0, y, z));
      }
      CHECK(same_labels(volume, expected));
      CHECK(volume.gaps_untouched());
      const bool contiguous = volume.view().strides[0] == sizeof(T);
      CHECK((target.contiguous_row(0, 0) != nullptr) == contiguous);
    }
  }
}

}  // namespace
}  // namespace segpresso::test
