// Boundary rows: every instruction set marks the voxels that the definition marks.
#include <doctest/doctest.h>

#include <array>
#include <vector>

#include "labels/boundary_row.hpp"
#include "support/random.hpp"
#include "support/simd.hpp"

namespace segpresso::test {
namespace {

// A row inside a buffer that ends with it: AddressSanitizer sees every read behind it.
template <class T>
struct Row {
  Row(std::size_t offset, std::size_t n) : buffer(offset + n), first(buffer.data() + offset) {}

  std::vector<T> buffer;
  T* first;
};

// Mostly equal neighbours; others differ in a single bit, anywhere in the label.
template <class T>
void fill(Row<T>& row, const T* like, std::size_t n, unsigned percent, Random& random) {
  T label = static_cast<T>(random.next());
  for (std::size_t x = 0; x < n; ++x) {
    if (like != nullptr) label = like[x];
    if (random.chance(percent)) label = static_cast<T>(label ^ T{1} << random.below(8 * sizeof(T)));
    row.first[x] = label;
  }
}

template <class T>
std::vector<std::uint64_t> expected_bits(const T* row, const T* below, const T* behind,
                                         std::size_t n) {
  std::vector<std::uint64_t> bits((n + 63) / 64, 0);
  for (std::size_t x = 0; x < n; ++x) {
    bool differs = false;
    if (x + 1 < n && row[x] != row[x + 1]) differs = true;
    if (below != nullptr && row[x] != below[x]) differs = true;
    if (behind != nullptr && row[x] != behind[x]) differs = true;
    if (differs) bits[x / 64] |= std::uint64_t{1} << (x % 64);
  }
  return bits;
}

TEST_CASE_TEMPLATE("boundary rows are those of the definition", T, std::uint8_t, std::uint16_t,
                   std::uint32_t, std::uint64_t) {
  Random random(sizeof(T));
  for (const Simd simd : available_simd()) {
    CAPTURE(name_of(simd));
    const BoundaryRow<T> kernel = boundary_row_kernels(simd).get<T>();
    for (std::size_t n = 0; n <= 200; ++n) {
      for (std::size_t offset = 0; offset < 5; ++offset) {
        const unsigned percent = std::array{0U, 3U, 30U, 95U}[random.below(4)];
        Row<T> row(offset, n);
        Row<T> below(random.below(5), n);
        Row<T> behind(random.below(5), n);
        fill<T>(row, nullptr, n, percent, random);
        fill<T>(below, row.first, n, percent, random);
        fill<T>(behind, row.first, n, percent, random);
        for (unsigned neighbours = 0; neighbours < 4; ++neighbours) {
          const T* below_or_null = (neighbours & 1) != 0 ? below.first : nullptr;
          const T* behind_or_null = (neighbours & 2) != 0 ? behind.first : nullptr;
          std::vector<std::uint64_t> bits((n + 63) / 64, 0x5555555555555555);
          kernel(row.first, below_or_null, behind_or_null, n, bits.data());
          if (bits != expected_bits(row.first, below_or_null, behind_or_null, n)) {
            FAIL("wrong bits for n = ", n, ", offset ", offset, ", neighbours ", neighbours);
          }
        }
      }
    }
  }
}

TEST_CASE_TEMPLATE("rows differ where the definition says", T, std::uint8_t, std::uint16_t,
                   std::uint32_t, std::uint64_t) {
  Random random(20 + sizeof(T));
  for (const Simd simd : available_simd()) {
    CAPTURE(name_of(simd));
    const DifferRow<T> kernel = differ_row_kernels(simd).get<T>();
    for (std::size_t n = 0; n <= 200; ++n) {
      CAPTURE(n);
      Row<T> a(random.below(5), n);
      Row<T> b(random.below(5), n);
      fill<T>(a, nullptr, n, 30, random);
      fill<T>(b, a.first, n, 30, random);
      std::vector<std::uint64_t> expected((n + 63) / 64, 0);
      for (std::size_t x = 0; x < n; ++x) {
        if (a.first[x] != b.first[x]) expected[x / 64] |= std::uint64_t{1} << (x % 64);
      }
      std::vector<std::uint64_t> bits((n + 63) / 64, ~std::uint64_t{0});
      kernel(a.first, b.first, n, bits.data());
      CHECK(bits == expected);
    }
  }
}

}  // namespace
}  // namespace segpresso::test
