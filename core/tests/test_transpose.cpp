// Byte b of column c is byte c of row b.
#include <doctest/doctest.h>

#include "labels/transpose.hpp"
#include "support/random.hpp"

namespace segpresso::test {
namespace {

Bytes8x8 naive_transpose(const Bytes8x8& rows) {
  Bytes8x8 columns{};
  for (unsigned r = 0; r < 8; ++r) {
    for (unsigned c = 0; c < 8; ++c) columns[c] |= (rows[r] >> (8 * c) & 0xFF) << (8 * r);
  }
  return columns;
}

TEST_CASE_TEMPLATE("8 x 8 bytes are transposed", Transpose, ScalarTranspose, SimdTranspose) {
  Random random(3);
  for (unsigned repetition = 0; repetition < 1000; ++repetition) {
    Bytes8x8 rows;
    for (std::uint64_t& row : rows) row = random.next();
    REQUIRE(Transpose{}(rows) == naive_transpose(rows));
    REQUIRE(Transpose{}(Transpose{}(rows)) == rows);
  }
}

}  // namespace
}  // namespace segpresso::test
