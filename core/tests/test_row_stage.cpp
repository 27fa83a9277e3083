// Parts of volumes are written where they belong, and nowhere else.
#include <doctest/doctest.h>

#include <vector>

#include "base/stream_copy.hpp"
#include "labels/row_stage.hpp"
#include "support/random.hpp"

namespace segpresso::test {
namespace {

TEST_CASE("streamed copies are copies, whatever their place and length") {
  Random random(30);
  std::vector<std::byte> from(1000);
  for (std::byte& byte : from) byte = static_cast<std::byte>(random.next());
  for (unsigned repetition = 0; repetition < 2000; ++repetition) {
    std::vector<std::byte> to(1000, std::byte{7});
    std::vector<std::byte> expected = to;
    const std::size_t length = random.below(400);
    const std::size_t source = random.below(from.size() - length);
    const std::size_t target = random.below(to.size() - length);
    stream_copy(to.data() + target, from.data() + source, length);
    stream_fence();
    std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(source), length,
                expected.begin() + static_cast<std::ptrdiff_t>(target));
    REQUIRE(to == expected);
  }
}

TEST_CASE_TEMPLATE("a stage writes its part of the volume", T, std::uint8_t, std::uint16_t,
                   std::uint32_t, std::uint64_t) {
  Random random(31);
  RowStage<T> stage;  // used again for parts of other shapes
  for (unsigned repetition = 0; repetition < 200; ++repetition) {
    const Shape whole{1 + random.below(90), 1 + random.below(9), 1 + random.below(9)};
    const Shape origin{random.below(whole.x), random.below(whole.y), random.below(whole.z)};
    const Shape part{1 + random.below(whole.x - origin.x), 1 + random.below(whole.y - origin.y),
                     1 + random.below(whole.z - origin.z)};
    std::vector<T> labels(whole.voxels(), T{9});
    std::vector<T> expected = labels;
    MutableLabelView view;
    view.data = reinterpret_cast<std::byte*>(labels.data());
    view.shape = whole;
    constexpr auto width = static_cast<std::ptrdiff_t>(sizeof(T));
    const auto row = width * static_cast<std::ptrdiff_t>(whole.x);
    view.strides = {width, row, row * static_cast<std::ptrdiff_t>(whole.y)};
    const LabelTarget<T> inside = stage.open(part);
    for (std::size_t z = 0; z < part.z; ++z) {
      for (std::size_t y = 0; y < part.y; ++y) {
        for (std::size_t x = 0; x < part.x; ++x) {
          const T label = static_cast<T>(random.next());
          inside.at(x, y, z) = label;
          expected[origin.x + x + whole.x * (origin.y + y + whole.y * (origin.z + z))] = label;
        }
      }
    }
    stage.flush(LabelTarget<T>(view), origin);
    REQUIRE(labels == expected);
  }
}

}  // namespace
}  // namespace segpresso::test
