// The bytes that a decoder has written, from which phrases are copied: each phrase stands there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "segpresso/error.hpp"
#include "segpresso/limits.hpp"

namespace segpresso::lempel_ziv {

class PhraseOutput {
 public:
  explicit PhraseOutput(const Limits& limits) : max_bytes_(limits.max_bytes) {}

  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }

  void append(std::uint8_t byte) {
    check(1);
    bytes_.push_back(byte);
  }

  // `length` bytes from `begin` on, which may run into those that this call appends.
  void append_copy(std::size_t begin, std::size_t length) {
    check(length);
    const std::size_t end = bytes_.size();
    bytes_.resize(end + length);
    for (std::size_t i = 0; i < length; ++i) bytes_[end + i] = bytes_[begin + i];
  }

  [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  void check(std::size_t more) const {
    if (more > max_bytes_ - bytes_.size()) {
      throw Error(ErrorKind::limit,
                  "the data take more than the limit of " + std::to_string(max_bytes_) + " bytes",
                  "codes");
    }
  }

  std::size_t max_bytes_;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace segpresso::lempel_ziv
