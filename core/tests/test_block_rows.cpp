// Rows of a block as runs of indices: those of the definition, whatever the labels and their
// layout.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "native/fast/block_rows.hpp"
#include "native/local_indices.hpp"
#include "support/made_up.hpp"
#include "support/structures.hpp"

namespace segpresso::test {
namespace {

using namespace native;

template <class T>
struct Reader {
  LabelNumbers<T> numbers;
  fast::BlockRows<T, LabelNumbers<T>> rows;
  Runs runs;

  void open(const LabelView& view) {
    numbers.clear();
    rows.open(view, numbers);
    runs.resize(static_cast<std::uint32_t>(view.shape.x));
  }
};

template <class T>
void check_rows(Reader<T>& reader, const Volume& volume, const Layout& layout) {
  const Volume laid_out = volume.in_layout(layout);
  const Structure expected(volume);
  const BlockShape& shape = expected.info.shape;
  reader.open(laid_out.view());
  const auto row = [&](std::uint32_t z, std::uint32_t y) {
    return expected.indices.begin() + static_cast<std::ptrdiff_t>((z * shape.y + y) * shape.x);
  };
  const auto equal = [&](auto one, auto other, std::size_t count) {
    return std::equal(one, one + static_cast<std::ptrdiff_t>(count), other);
  };
  bool same = true;
  for (std::uint32_t z = 0; z < shape.z; ++z) {
    if (z > 0) {
      same = same && reader.rows.repeats_slice(z) == equal(row(z, 0), row(z - 1, 0), shape.slice());
    }
    for (std::uint32_t y = 0; y < shape.y; ++y) {
      const auto here = row(z, y);
      if (y > 0) {
        same = same && reader.rows.repeats_above(z, y) == equal(here, row(z, y - 1), shape.x);
      }
      REQUIRE(reader.rows.read(z, y, reader.runs));
      std::vector<Index> indices;
      for (const Run& run : reader.runs) {
        same = same && (run.start == 0 || run.label != (&run)[-1].label);
        indices.insert(indices.end(), (&run)[1].start - run.start, run.label);
      }
      same = same && indices.size() == shape.x && equal(indices.begin(), here, shape.x);
    }
  }
  CHECK(same);
  CHECK(reader.numbers.labels().size() == expected.info.index_count);
}

TEST_CASE_TEMPLATE("rows are runs of indices", T, std::uint8_t, std::uint16_t, std::uint32_t,
                   std::uint64_t) {
  Reader<T> reader;  // used again and again
  Random random(75);
  for (const Kind kind : kinds) {
    CAPTURE(static_cast<int>(kind));
    for (const Shape& shape : {Shape{1, 1, 1}, Shape{1, 7, 3}, Shape{63, 2, 2}, Shape{64, 3, 2},
                               Shape{65, 2, 2}, Shape{130, 5, 4}}) {
      const Volume volume =
          make_volume(kind, shape, static_cast<LabelType>(sizeof(T)), random.next());
      for (const Layout& layout : layouts) check_rows<T>(reader, volume, layout);
    }
  }
}

TEST_CASE("more labels than indices are noticed") {
  Reader<std::uint32_t> reader;
  const Volume most = make_volume(Kind::distinct, {65535, 1, 1}, LabelType::u32, 76);
  reader.open(most.view());
  CHECK(reader.rows.read(0, 0, reader.runs));
  const Volume more = make_volume(Kind::distinct, {65536, 1, 1}, LabelType::u32, 77);
  reader.open(more.view());
  CHECK_FALSE(reader.rows.read(0, 0, reader.runs));
}

TEST_CASE("slices are related if their edges are near each other") {
  Reader<std::uint8_t> reader;
  Volume volume({200, 40, 3}, LabelType::u8);
  for (std::size_t y = 0; y < 40; ++y) {
    for (std::size_t x = 0; x < 200; ++x) {
      volume.set(x, y, 0, x / 20);
      volume.set(x, y, 1, (x + 1) / 20);
      volume.set(x, y, 2, (x + 10) / 20);
    }
  }
  reader.open(volume.view());
  CHECK(reader.rows.is_related(1));
  CHECK_FALSE(reader.rows.is_related(2));
}

}  // namespace
}  // namespace segpresso::test
