// The loop around `match_word`, compiled once per instruction set.
//
// The including file defines SEGPRESSO_TARGET and, in the anonymous namespace, `std::uint64_t
// match_word(const T* voxels, T label)` for T of 32 and 64 bits, which compares 64 voxels.

template <class T>
SEGPRESSO_TARGET void match_block(const T* voxels, T label, BlockMask& mask) {
  for (std::uint64_t& word : mask) {
    word = match_word(voxels, label);
    voxels += 64;
  }
}

constexpr MatchBlockKernels kernels{match_block<std::uint32_t>, match_block<std::uint64_t>};
