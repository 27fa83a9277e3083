// Run-length words at the limits of their width (docs/streams.md sections 2 to 4).
#include <doctest/doctest.h>

#include <numeric>

#include "labels/windows.hpp"
#include "support/codecs.hpp"
#include "support/made_up.hpp"

namespace segpresso::test {
namespace {

using compresso::Description;
using compresso::Section;
using compresso::Window;

// The bytes of a section.
Stream section_of(const Stream& stream, const Description& description, const std::string& name) {
  std::size_t begin = 0;
  for (const Section& section : description.sections) {
    if (section.name == name) {
      const auto first = stream.begin() + static_cast<std::ptrdiff_t>(begin);
      return {first, first + static_cast<std::ptrdiff_t>(section.bytes)};
    }
    begin += section.bytes;
  }
  throw std::logic_error("no such section");
}

Stream words_of(const std::vector<std::uint64_t>& words, std::size_t width) {
  Stream bytes;
  for (const std::uint64_t word : words) {
    for (std::size_t i = 0; i < width; ++i) {
      bytes.push_back(static_cast<std::uint8_t>(word >> (8 * i)));
    }
  }
  return bytes;
}

// A uniform volume of `windows` windows, at most 65535 of them in a column.
Volume uniform_of(const Window& window, std::size_t windows) {
  const std::size_t columns = windows > 16000 && windows % 16 == 0  ? 16
                              : windows > 32000 && windows % 3 == 0 ? 3
                                                                    : 1;
  const Shape shape{window.x * columns, window.y * (windows / columns), window.z};
  return make_volume(Kind::uniform, shape, LabelType::u8, 24);
}

void check_decodes(const Codec& codec, const Stream& stream, const Volume& volume) {
  Volume decoded(volume.shape(), volume.type());
  codec.decode(stream, decoded.target(), Limits{}, 1);
  CHECK(same_labels(decoded, volume));
}

TEST_CASE("cpso writes a run when it reaches the largest length, and the rest at the end") {
  struct Case {
    Window window;
    std::size_t windows;
  };
  std::vector<Case> cases;
  for (const std::size_t windows : {1, 126, 127, 128, 253, 254, 255, 380, 381, 382}) {
    cases.push_back({{8, 1, 1}, windows});
    cases.push_back({{2, 2, 1}, windows});
  }
  for (const std::size_t windows : {127, 32766, 32767, 32768, 65472, 65534, 65535, 69952}) {
    cases.push_back({{4, 4, 1}, windows});
    cases.push_back({{3, 3, 1}, windows});
  }
  for (const std::size_t windows : {32768, 65472}) {
    cases.push_back({{8, 4, 1}, windows});
    cases.push_back({{8, 8, 1}, windows});
  }
  for (const auto& [window, windows] : cases) {
    CAPTURE(name_of(window));
    CAPTURE(windows);
    const Volume volume = uniform_of(window, windows);
    if (volume.shape().y > 65535) continue;  // cpso cannot hold it
    const Codec codec = cpso_codec({.window = window});
    const Stream stream = codec.encode(volume.view(), 1);
    const std::size_t width = window_width(window.voxels());
    const std::uint64_t longest = (UINT64_MAX >> (64 - 8 * width)) / 2;
    std::vector<std::uint64_t> words;
    std::uint64_t run = windows;
    for (; run >= longest; run -= longest) words.push_back(2 * longest + 1);
    if (run > 0) words.push_back(2 * run + 1);
    const Description description = compresso::describe_cpso(stream);
    CHECK(section_of(stream, description, "windows") == words_of(words, width));
    check_decodes(codec, stream, volume);
  }
}

TEST_CASE("v1 does not write the run at the end") {
  const Volume uniform = uniform_of({8, 8, 1}, 100);
  const Codec codec = miccai_codec({8, 8, 1});
  const Stream stream = codec.encode(uniform.view(), 1);
  CHECK(stream.size() == 72 + 8 + 8);  // header, one id, one value
  check_decodes(codec, stream, uniform);

  // A mark in the fourth window: its value is 1, and the others are 0.
  Volume marked({8, 80, 1}, LabelType::u8);
  marked.for_each_voxel([&](std::size_t x, std::size_t y, std::size_t z) {
    marked.set(x, y, z, x == 0 && y == 24 ? 9 : 2);
  });
  const Stream words = codec.encode(marked.view(), 1);
  const Description description = compresso::describe_miccai(words);
  // Voxel (0, 23) differs from the one below it, so the third window has a mark, too.
  CHECK(description.values == 3);
  CHECK(section_of(words, description, "windows") == words_of({2 * 2 + 1, 2 * 2, 2 * 1}, 4));
  check_decodes(codec, words, marked);
}

TEST_CASE("v2 writes words as wide as its longest run needs, the last run included") {
  struct Case {
    std::size_t windows;
    std::size_t width;
  };
  for (const auto& [windows, width] :
       {Case{1, 1}, Case{126, 1}, Case{127, 1}, Case{128, 2}, Case{32767, 2}, Case{32768, 3}}) {
    CAPTURE(windows);
    const Volume volume = uniform_of({8, 1, 1}, windows);
    const Codec codec = packed_codec({8, 1, 1});
    const Stream stream = codec.encode(volume.view(), 1);
    CHECK(stream[75] == width);
    CHECK(section_of(stream, compresso::describe_packed(stream), "windows") ==
          words_of({2 * windows}, width));
    check_decodes(codec, stream, volume);
  }
}

// Slices of one row, `2 * window` voxels wide: window 0 of slice i has the value i, window 1 is
// empty. So there are `count` distinct windows.
Volume with_windows(std::size_t window, std::size_t count) {
  Volume volume({2 * window, 1, count}, LabelType::u8);
  for (std::size_t z = 0; z < count; ++z) {
    std::uint64_t label = 0;
    for (std::size_t x = 0; x < 2 * window; ++x) {
      volume.set(x, 0, z, label);
      if (x < window && (z >> x & 1) != 0) label ^= 1;
    }
  }
  return volume;
}

TEST_CASE("cpso has as many distinct windows as indices fit its words") {
  for (const std::size_t count : {127, 128}) {
    const Volume volume = with_windows(8, count);
    const Codec codec = cpso_codec({.window = {8, 1, 1}});
    const Stream stream = codec.encode(volume.view(), 1);
    CHECK(compresso::describe_cpso(stream).values == count);
    check_decodes(codec, stream, volume);
  }
  for (const std::size_t count : {32767, 32768}) {
    const Volume volume = with_windows(16, count);
    const Codec codec = cpso_codec({.window = {16, 1, 1}});
    const Stream stream = codec.encode(volume.view(), 2);
    CHECK(compresso::describe_cpso(stream).values == count);
    check_decodes(codec, stream, volume);
  }
  const auto encode = [](std::size_t window, std::size_t count) {
    const Volume volume = with_windows(window, count);
    compresso::encode_cpso(volume.view(), {.window = {static_cast<std::uint32_t>(window), 1, 1}},
                           1);
  };
  CHECK(kind_of_error([&] { encode(8, 129); }) == ErrorKind::unsupported);
  CHECK(kind_of_error([&] { encode(16, 32769); }) == ErrorKind::unsupported);
  CHECK_NOTHROW(encode(17, 32769));
}

TEST_CASE("v2 words have room for one index more than there are") {
  for (const std::size_t count : {126, 127, 128, 129}) {
    CAPTURE(count);
    const Volume volume = with_windows(8, count);
    const Codec codec = packed_codec({8, 1, 1});
    const Stream stream = codec.encode(volume.view(), 1);
    CHECK(stream[75] == (count <= 127 ? 1 : 2));
    check_decodes(codec, stream, volume);
  }
}

TEST_CASE("runs are of the smallest value present, even if no window is empty") {
  // Every window of a checker board has its inner bits set.
  const Volume volume = make_volume(Kind::checker, {64, 64, 2}, LabelType::u8, 25);
  for (const Codec& codec : {cpso_codec({}), miccai_codec({8, 8, 1}), packed_codec({8, 8, 1})}) {
    CAPTURE(codec.name);
    check_decodes(codec, codec.encode(volume.view(), 1), volume);
  }
}

}  // namespace
}  // namespace segpresso::test
