// The loop around the processor's instructions, compiled once per instruction set.
//
// The including file defines SEGPRESSO_TARGET and, in the anonymous namespace, `add8` and `add1`,
// which continue the register over eight bytes or one. A chain of these takes three cycles per
// eight bytes, a small part of what decoding takes.

SEGPRESSO_TARGET std::uint32_t update(std::uint32_t state, const std::uint8_t* data,
                                      std::size_t size) {
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, data + i, sizeof word);
    state = add8(state, word);
  }
  for (; i < size; ++i) state = add1(state, data[i]);
  return state;
}
