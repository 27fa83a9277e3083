// Access to parts of native streams, and what they tell without being decoded.
#include <doctest/doctest.h>

#include <map>
#include <set>

#include "support/codecs.hpp"
#include "support/made_up.hpp"

namespace segpresso::test {
namespace {

using native::Box;
using native::StreamIndex;

const Shape shape{40, 23, 17};

Stream encode(const Volume& volume, const native::Options& options) {
  return native_codec(options).encode(volume.view(), 1);
}

Box random_box(Random& random) {
  Box box{{}, {shape.x, shape.y, shape.z, 1}};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    box.begin[axis] = random.below(box.end[axis]);
    box.end[axis] = box.begin[axis] + 1 + random.below(box.end[axis] - box.begin[axis]);
  }
  return box;
}

TEST_CASE("any box is that of the volume, into any layout") {
  Random random(111);
  for (const native::Profile profile :
       {native::Profile::fast, native::Profile::balanced, native::Profile::small}) {
    for (const Kind kind : {Kind::cells, Kind::sparse, Kind::distinct, Kind::slices}) {
      const Volume volume = make_volume(kind, shape, LabelType::u16, 112);
      const Stream stream = encode(volume, {.profile = profile, .block = {16, 8, 5}});
      const StreamIndex index = open_native(stream);
      for (unsigned repetition = 0; repetition < 40; ++repetition) {
        const Box box = random_box(random);
        const Shape part{box.end[0] - box.begin[0], box.end[1] - box.begin[1],
                         box.end[2] - box.begin[2]};
        Volume decoded(part, LabelType::u16, layouts[random.below(layouts.size())]);
        decode_native(index, stream, box, {decoded.target(), 1, 0}, Limits{}, 1);
        bool same = true;
        decoded.for_each_voxel([&](std::size_t x, std::size_t y, std::size_t z) {
          same = same && decoded.at(x, y, z) ==
                             volume.at(x + box.begin[0], y + box.begin[1], z + box.begin[2]);
        });
        CHECK(same);
        CHECK(decoded.gaps_untouched());
      }
    }
  }
}

TEST_CASE("only the blocks that a box touches are needed") {
  const Volume volume = make_volume(Kind::cells, shape, LabelType::u32, 113);
  const Stream stream = encode(volume, {.block = {16, 8, 5}});
  const StreamIndex index = open_native(stream);
  CHECK(index.blocks_in({{0, 0, 0, 0}, {16, 8, 5, 1}}) == std::vector<std::size_t>{0});
  CHECK(index.blocks_in({{15, 0, 0, 0}, {17, 1, 1, 1}}) == std::vector<std::size_t>{0, 1});
  CHECK(index.blocks_in({{4, 4, 4, 0}, {4, 9, 9, 1}}).empty());
  CHECK(kind_of_error([&] { static_cast<void>(index.blocks_in({{}, {41, 1, 1, 1}})); }) ==
        ErrorKind::invalid_argument);
}

TEST_CASE("labels, counts, boxes and blocks are told without decoding") {
  for (const Kind kind : kinds) {
    CAPTURE(static_cast<int>(kind));
    const Volume volume = make_volume(kind, shape, LabelType::u32, 114);
    const Stream stream = encode(volume, {.block = {16, 8, 5}, .statistics = true});
    const StreamIndex index = open_native(stream);
    const std::vector<std::uint64_t> labels = index.labels();
    CHECK(labels == volume.distinct_labels());
    std::map<std::uint64_t, std::uint64_t> counts;
    for (const std::uint64_t label : volume.labels()) ++counts[label];
    const native::Extent extent = index.statistics_extent();
    const native::LabelStatistics found =
        index.statistics(native::Bytes(stream).subspan(extent.offset, extent.bytes));
    std::vector<std::set<std::uint32_t>> held(index.block_count());
    std::map<std::uint64_t, std::uint32_t> place;
    for (std::uint32_t i = 0; i < labels.size(); ++i) {
      CHECK(found.counts[i] == counts[labels[i]]);
      place[labels[i]] = i;
    }
    std::vector<bool> touches(labels.size() * 6, false);
    bool inside = true;
    volume.for_each_voxel([&](std::size_t x, std::size_t y, std::size_t z) {
      const std::uint32_t i = place[volume.at(x, y, z)];
      held[index.blocks_in({{x, y, z, 0}, {x + 1, y + 1, z + 1, 1}})[0]].insert(i);
      const std::array<std::size_t, 3> at{x, y, z};
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const Box& box = found.boxes[i];
        inside = inside && at[axis] >= box.begin[axis] && at[axis] < box.end[axis];
        if (at[axis] == box.begin[axis]) touches[6 * i + 2 * axis] = true;
        if (at[axis] + 1 == box.end[axis]) touches[6 * i + 2 * axis + 1] = true;
      }
    });
    CHECK(inside);
    CHECK(std::ranges::count(touches, false) == 0);
    for (std::size_t block = 0; block < held.size(); ++block) {
      CHECK(index.labels_of(block) ==
            std::vector<std::uint32_t>(held[block].begin(), held[block].end()));
    }
    for (std::uint32_t i = 0; i < std::min<std::size_t>(labels.size(), 20); ++i) {
      std::vector<std::size_t> blocks;
      for (std::size_t block = 0; block < held.size(); ++block) {
        if (held[block].contains(i)) blocks.push_back(block);
      }
      CHECK(index.blocks_with(labels[i]) == blocks);
    }
  }
}

TEST_CASE("slab by slab gives the same bytes") {
  const Volume volume = make_volume(Kind::cells, shape, LabelType::u32, 115);
  const native::Options options{.block = {16, 8, 5}, .statistics = true};
  const Stream whole = encode(volume, options);
  native::StreamEncoder encoder(
      {{LabelType::u32, native::NumberKind::unsigned_integer}, {0, shape.y, shape.x}, false},
      options, 1);
  REQUIRE(encoder.depth() == 5);
  Stream stream;
  const auto append = [&](const Stream& bytes) {
    stream.insert(stream.end(), bytes.begin(), bytes.end());
  };
  for (const auto& [begin, end] : {std::pair{0, 10}, {10, 15}, {15, 17}}) {
    const Volume slab =
        volume.slices(static_cast<std::size_t>(begin), static_cast<std::size_t>(end));
    append(encoder.add({slab.view(), 1, 0}));
  }
  append(encoder.finish());
  CHECK(stream == whole);
}

// Of the slices, rows from `begin` up to `end`, and of these voxels from `left` up to `right`.
LabelView part(const Volume& slices, std::size_t begin, std::size_t end, std::size_t left = 0,
               std::size_t right = shape.x) {
  LabelView view = slices.view();
  view.data += static_cast<std::ptrdiff_t>(begin) * view.strides[1] +
               static_cast<std::ptrdiff_t>(left) * view.strides[0];
  view.shape.x = right - left;
  view.shape.y = end - begin;
  return view;
}

TEST_CASE("layers in parts give the same bytes") {
  const Volume volume = make_volume(Kind::cells, shape, LabelType::u32, 118);
  const native::Options options{.block = {16, 8, 5}, .statistics = true};
  native::StreamEncoder encoder(
      {{LabelType::u32, native::NumberKind::unsigned_integer}, {0, shape.y, shape.x}, false},
      options, 1);
  Stream stream;
  const auto append = [&](const Stream& bytes) {
    stream.insert(stream.end(), bytes.begin(), bytes.end());
  };
  const auto add = [&](const LabelView& view) { append(encoder.add({view, 1, 0})); };
  const auto refused = [&](const LabelView& view) {
    return kind_of_error([&] { encoder.add({view, 1, 0}); }) == ErrorKind::invalid_argument;
  };
  append(encoder.add({volume.slices(0, 10).view(), 1, 0}));
  const Volume layer = volume.slices(10, 15);
  CHECK(refused(part(layer, 0, 9)));
  CHECK(refused(part(layer, 0, 0)));
  CHECK(refused(part(layer, 0, 16, 0, 16)));
  CHECK(refused(part(volume.slices(10, 16), 0, 8)));
  add(part(layer, 0, 8));
  CHECK(refused(part(layer, 0, shape.y)));
  CHECK(refused(part(layer, 8, 14)));
  CHECK(refused(part(volume.slices(10, 14), 8, shape.y)));
  add(part(layer, 8, 16, 0, 16));
  CHECK(refused(part(layer, 8, 16)));
  CHECK(refused(part(layer, 8, shape.y, 16)));
  CHECK(kind_of_error([&] { encoder.finish(); }) == ErrorKind::invalid_argument);
  add(part(layer, 8, 16, 16));
  add(part(layer, 16, shape.y));
  const Volume last = volume.slices(15, 17);
  add(part(last, 0, 16));
  add(part(last, 16, shape.y, 0, 32));
  add(part(last, 16, shape.y, 32));
  append(encoder.finish());
  CHECK(stream == encode(volume, options));
}

TEST_CASE("slabs of other shapes, and slabs behind the last one, are refused") {
  const native::ArrayInfo array{
      {LabelType::u32, native::NumberKind::unsigned_integer}, {0, shape.y, shape.x}, false};
  native::StreamEncoder encoder(array, {.block = {16, 8, 5}}, 1);
  const auto add = [&](const Volume& slab) {
    return kind_of_error([&] { encoder.add({slab.view(), 1, 0}); });
  };
  CHECK(add(Volume({shape.x, shape.y + 1, 5}, LabelType::u32)) == ErrorKind::invalid_argument);
  CHECK(add(Volume({shape.x, shape.y, 5}, LabelType::u16)) == ErrorKind::invalid_argument);
  const Volume last({shape.x, shape.y, 3}, LabelType::u32);
  encoder.add({last.view(), 1, 0});
  CHECK(add(Volume({shape.x, shape.y, 5}, LabelType::u32)) == ErrorKind::invalid_argument);
}

TEST_CASE("a series of volumes is never cut across them") {
  std::vector<std::uint8_t> labels(3 * 4 * 5 * 6);
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::uint8_t>(i / 7);
  const native::ArrayInfo array{
      {LabelType::u8, native::NumberKind::unsigned_integer}, {3, 4, 5, 6}, false};
  const LabelView first{
      reinterpret_cast<const std::byte*>(labels.data()), LabelType::u8, {6, 5, 4}, {1, 6, 30}};
  const Stream stream = native::encode(array, {first, 3, 120}, {}, 1);
  const StreamIndex index = open_native(stream);
  CHECK(index.block_count() == 3);
  CHECK(index.sizes() == native::Vector4{6, 5, 4, 3});
  std::vector<std::uint8_t> decoded(labels.size());
  const MutableLabelView out{
      reinterpret_cast<std::byte*>(decoded.data()), LabelType::u8, {6, 5, 4}, {1, 6, 30}};
  decode_native(index, stream, {{}, index.sizes()}, {out, 3, 120}, Limits{}, 1);
  CHECK(decoded == labels);
}

TEST_CASE("axes of size 1 come last") {
  const auto sizes = [](std::vector<std::size_t> axes, bool fortran_order) {
    return native::ArrayInfo{{}, std::move(axes), fortran_order}.sizes();
  };
  CHECK(sizes({2, 3, 4}, false) == native::Vector4{4, 3, 2, 1});
  CHECK(sizes({2, 3, 4}, true) == native::Vector4{2, 3, 4, 1});
  CHECK(sizes({2, 3, 4, 1}, false) == native::Vector4{4, 3, 2, 1});
  CHECK(sizes({1, 2, 1, 4}, true) == native::Vector4{2, 4, 1, 1});
  CHECK(sizes({1, 0, 1}, false) == native::Vector4{0, 1, 1, 1});
  CHECK(sizes({}, false) == native::Vector4{1, 1, 1, 1});
}

TEST_CASE("labels are converted to types that hold them") {
  const Volume volume = make_volume(Kind::five_label_noise, {9, 8, 7}, LabelType::u64, 116);
  const Stream stream = encode(volume, {});
  const StreamIndex index = open_native(stream);
  Volume narrow(volume.shape(), LabelType::u8);
  const native::NumberType bytes{LabelType::u8, native::NumberKind::signed_integer};
  const std::vector<std::size_t> blocks{0};
  const std::vector<native::Bytes> payloads{
      native::Bytes(stream).subspan(index.extent_of(0).offset, index.extent_of(0).bytes)};
  index.decode({{}, index.sizes()}, blocks, payloads, {narrow.target(), 1, 0}, bytes, Limits{}, 1);
  CHECK(narrow.labels() == volume.labels());
  const native::NumberType truth{LabelType::u8, native::NumberKind::boolean};
  CHECK(kind_of_error([&] {
          index.decode({{}, index.sizes()}, blocks, payloads, {narrow.target(), 1, 0}, truth,
                       Limits{}, 1);
        }) == ErrorKind::unsupported);
}

TEST_CASE("damage outside of a box does not matter to it, and inside it does") {
  const Volume volume = make_volume(Kind::cells, shape, LabelType::u32, 117);
  Stream stream = encode(volume, {.block = {16, 8, 5}});
  const StreamIndex index = open_native(stream);
  const native::Extent damaged = index.extent_of(0);
  REQUIRE(damaged.bytes > 0);
  stream[damaged.offset] ^= 1;
  const Box first{{0, 0, 0, 0}, {16, 8, 5, 1}};
  const Box second{{16, 0, 0, 0}, {32, 8, 5, 1}};
  Volume decoded({16, 8, 5}, LabelType::u32);
  CHECK_NOTHROW(decode_native(index, stream, second, {decoded.target(), 1, 0}, Limits{}, 1));
  CHECK(kind_of_error([&] {
          decode_native(index, stream, first, {decoded.target(), 1, 0}, Limits{}, 1);
        }) == ErrorKind::corrupt);
}

TEST_CASE("the container of a 64^3 chunk takes at most 20 bytes") {
  // Two labels in four voxels: what is left are headers, checksums and tables.
  Volume volume({64, 64, 64}, LabelType::u32);
  volume.for_each_voxel([&](std::size_t x, std::size_t y, std::size_t z) {
    volume.set(x, y, z, x + y + z < 2 ? 1 : 0);
  });
  const Stream stream = encode(volume, {});
  const StreamIndex index = open_native(stream);
  CHECK(stream.size() - index.extent_of(0).bytes <= 20);
}

}  // namespace
}  // namespace segpresso::test
