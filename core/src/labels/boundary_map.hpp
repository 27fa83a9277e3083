// The boundary map of a label volume (Compresso: Matejek et al., MICCAI 2017, section 2.1).
#pragma once

#include <cstddef>

#include "base/cpu.hpp"
#include "labels/bit_slab.hpp"
#include "labels/boundary_row.hpp"
#include "labels/slab_reader.hpp"

namespace segpresso {

enum class Connectivity : std::uint8_t { four = 4, six = 6 };

// A voxel is a boundary voxel iff it differs from its +x or +y neighbour, or, with connectivity
// six, from its +z neighbour. Fills the slices of `bits`; `rows` must hold them and, for
// connectivity six, the slice after them (`size_z` slices in all).
template <class T>
void map_boundaries(const SlabReader<T>& rows, std::size_t size_z, Connectivity connectivity,
                    BitSlab& bits) {
  const BoundaryRow<T> kernel = boundary_row_kernels(active_simd()).get<T>();
  for (std::size_t z = bits.z_begin(); z < bits.z_end(); ++z) {
    const bool deep = connectivity == Connectivity::six && z + 1 < size_z;
    for (std::size_t y = 0; y < bits.y(); ++y) {
      const T* below = y + 1 < bits.y() ? rows.row(y + 1, z) : nullptr;
      const T* behind = deep ? rows.row(y, z + 1) : nullptr;
      kernel(rows.row(y, z), below, behind, bits.x(), bits.row(y, z));
    }
  }
}

}  // namespace segpresso
