// Appends little-endian integers to a byte buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

namespace segpresso {

class ByteWriter {
 public:
  void reserve(std::size_t bytes) { bytes_.reserve(bytes); }
  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }

  template <class T>
  void write(T value) {
    write(static_cast<std::uint64_t>(value), sizeof(T));
  }

  // The low `width` (1 to 8) bytes of `value`.
  void write(std::uint64_t value, unsigned width) {
    const auto* p = reinterpret_cast<const std::uint8_t*>(&value);
    bytes_.insert(bytes_.end(), p, p + width);
  }

  template <class T>
  void write_all(std::span<const T> values) {
    const auto* p = reinterpret_cast<const std::uint8_t*>(values.data());
    bytes_.insert(bytes_.end(), p, p + values.size_bytes());
  }

  // Bytes to be set by the caller, before anything else is appended.
  [[nodiscard]] std::uint8_t* append(std::size_t bytes) {
    bytes_.resize(bytes_.size() + bytes);
    return bytes_.data() + bytes_.size() - bytes;
  }

  // Each value in `width` bytes.
  template <class T>
  void write_all(std::span<const T> values, unsigned width) {
    if (width == sizeof(T)) {
      write_all(values);
      return;
    }
    for (const T value : values) write(static_cast<std::uint64_t>(value), width);
  }

  // All that has been written, until more is.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

}  // namespace segpresso
