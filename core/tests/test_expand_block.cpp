// Whole blocks of compressed_segmentation: every instruction set expands as the definition does.
#include <doctest/doctest.h>

#include <vector>

#include "neuroglancer/expand_block.hpp"
#include "support/random.hpp"
#include "support/simd.hpp"

namespace segpresso::test {
namespace {

struct Strides {
  std::ptrdiff_t y, z;
};

TEST_CASE_TEMPLATE("voxel p has the label of the index at bit p * bits", T, std::uint32_t,
                   std::uint64_t) {
  Random random(10 + sizeof(T));
  constexpr std::ptrdiff_t centre = 4000;
  for (const Simd simd : available_simd()) {
    CAPTURE(name_of(simd));
    const auto kernel = neuroglancer::expand_block_kernels(simd).of<T>();
    for (const unsigned bits : {1U, 2U, 4U}) {
      for (const Strides strides : {Strides{8, 64}, {13, 200}, {300, 9}, {-11, 101}, {-20, -200}}) {
        for (std::size_t offset = 0; offset < 4; ++offset) {
          std::vector<T> table(16);
          for (T& label : table) label = static_cast<T>(random.next());
          std::vector<std::uint8_t> buffer(offset + 64 * bits);
          for (std::uint8_t& byte : buffer) byte = static_cast<std::uint8_t>(random.next());
          const std::uint8_t* words = buffer.data() + offset;
          std::vector<T> out(2 * centre, 77);
          kernel(table.data(), words, bits, out.data() + centre, strides.y, strides.z);

          std::vector<T> expected(2 * centre, 77);
          for (std::ptrdiff_t p = 0; p < 512; ++p) {
            const auto at = static_cast<std::size_t>(p) * bits;
            const unsigned index = words[at / 8] >> (at % 8) & ((1U << bits) - 1);
            const std::ptrdiff_t y = p / 8 % 8;
            const std::ptrdiff_t z = p / 64;
            expected[static_cast<std::size_t>(centre + p % 8 + y * strides.y + z * strides.z)] =
                table[index];
          }
          REQUIRE(out == expected);
        }
      }
    }
  }
}

}  // namespace
}  // namespace segpresso::test
