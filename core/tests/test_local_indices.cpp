// Indices of a block are numbers of labels by first appearance.
#include <doctest/doctest.h>

#include <map>
#include <vector>

#include "native/local_indices.hpp"
#include "support/made_up.hpp"

namespace segpresso::test {
namespace {

constexpr Shape shapes[]{{1, 1, 1}, {1, 1, 5}, {1, 7, 3}, {63, 2, 2}, {64, 3, 1}, {130, 5, 4}};

template <class T, class I>
void check_numbers(native::LocalIndices<T>& local, const Volume& volume, const Layout& layout) {
  const Volume laid_out = volume.in_layout(layout);
  std::vector<I> indices;
  REQUIRE(local.number(laid_out.view(), indices));
  std::map<std::uint64_t, std::size_t> numbers;
  std::size_t voxel = 0;
  bool same = true;
  for (const std::uint64_t label : volume.labels()) {
    const std::size_t number = numbers.emplace(label, numbers.size()).first->second;
    same = same && indices[voxel++] == number && local.labels()[number] == label;
  }
  CHECK(same);
  CHECK(indices.size() == voxel);
  CHECK(local.labels().size() == numbers.size());
}

TEST_CASE_TEMPLATE("labels are numbered as they appear", T, std::uint8_t, std::uint16_t,
                   std::uint32_t, std::uint64_t) {
  native::LocalIndices<T> local;  // used again and again
  Random random(71);
  for (const Kind kind : kinds) {
    CAPTURE(static_cast<int>(kind));
    for (const Shape& shape : shapes) {
      const Volume volume =
          make_volume(kind, shape, static_cast<LabelType>(sizeof(T)), random.next());
      for (const Layout& layout : layouts) {
        check_numbers<T, std::uint16_t>(local, volume, layout);
        check_numbers<T, std::uint32_t>(local, volume, layout);
      }
    }
  }
}

TEST_CASE("a block with more labels than 16 bits number is told apart") {
  native::LocalIndices<std::uint32_t> local;
  std::vector<std::uint16_t> narrow;
  const Volume most = make_volume(Kind::distinct, {65535, 1, 1}, LabelType::u32, 72);
  CHECK(local.number(most.view(), narrow));
  const Volume more = make_volume(Kind::distinct, {64, 32, 33}, LabelType::u32, 73);
  CHECK_FALSE(local.number(more.view(), narrow));
  check_numbers<std::uint32_t, std::uint32_t>(local, more, Layout{});
}

}  // namespace
}  // namespace segpresso::test
