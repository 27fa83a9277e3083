// The only way decoders look at input bytes: every access is checked against the buffer.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "segpresso/error.hpp"

namespace segpresso {

static_assert(std::endian::native == std::endian::little, "streams are read in place");

// Little-endian unsigned integers of `width` (1 to 8) bytes each, unaligned, inside a stream.
class PackedArray {
 public:
  PackedArray() = default;
  PackedArray(const std::uint8_t* data, std::size_t count, unsigned width, std::size_t offset,
              const char* section)
      : data_(data), count_(count), offset_(offset), section_(section), width_(width) {}

  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  [[nodiscard]] unsigned width() const noexcept { return width_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return count_ * width_; }
  [[nodiscard]] const char* section() const noexcept { return section_; }
  // Position of element `i` in the stream.
  [[nodiscard]] std::size_t offset(std::size_t i) const noexcept { return offset_ + i * width_; }

  std::uint64_t operator[](std::size_t i) const {
    if (i >= count_) [[unlikely]] {
      fail(ErrorKind::corrupt, "more entries are needed than the section holds", count_);
    }
    const std::uint8_t* p = data_ + i * width_;
    switch (width_) {
      case 1:
        return *p;
      case 2:
        return load<std::uint16_t>(p);
      case 4:
        return load<std::uint32_t>(p);
      case 8:
        return load<std::uint64_t>(p);
      default: {
        std::uint64_t value = 0;
        std::memcpy(&value, p, width_);
        return value;
      }
    }
  }

  // Calls `function(i, value)` for all elements in order: twice as fast as indexing them, since
  // bounds and width are looked at once.
  template <class Function>
  void for_each(Function&& function) const {
    const auto loop = [&]<unsigned Width>() {
      for (std::size_t i = 0; i < count_; ++i) {
        std::uint64_t value = 0;
        std::memcpy(&value, data_ + i * Width, Width);
        function(i, value);
      }
    };
    switch (width_) {
      case 1:
        return loop.template operator()<1>();
      case 2:
        return loop.template operator()<2>();
      case 4:
        return loop.template operator()<4>();
      case 8:
        return loop.template operator()<8>();
      default:
        for (std::size_t i = 0; i < count_; ++i) function(i, (*this)[i]);
    }
  }

  // Elements [first, first + count).
  [[nodiscard]] PackedArray slice(std::size_t first, std::size_t count) const {
    return {bytes_of(first, count), count, width_, offset(first), section_};
  }

  // The bytes of `count` elements from `first` on, for kernels that read exactly these.
  [[nodiscard]] const std::uint8_t* bytes_of(std::size_t first, std::size_t count) const {
    if (first > count_ || count > count_ - first) [[unlikely]] {
      fail(ErrorKind::corrupt, "more entries are needed than the section holds", count_);
    }
    return data_ + first * width_;
  }

  // Raises an error that points at element `i`.
  [[noreturn]] void fail(ErrorKind kind, const std::string& message, std::size_t i) const {
    throw Error(kind, std::string(section_) + ": " + message, section_, offset(i));
  }

 private:
  template <class T>
  static T load(const std::uint8_t* p) noexcept {
    T value;
    std::memcpy(&value, p, sizeof value);
    return value;
  }

  const std::uint8_t* data_ = nullptr;
  std::size_t count_ = 0;
  std::size_t offset_ = 0;
  const char* section_ = "";
  unsigned width_ = 1;
};

class ByteReader {
 public:
  explicit ByteReader(std::span<const std::uint8_t> data) : data_(data) {}

  [[nodiscard]] std::size_t offset() const noexcept { return offset_; }
  [[nodiscard]] std::size_t remaining() const noexcept { return data_.size() - offset_; }

  // One unsigned integer of type T.
  template <class T>
  T read(const char* section) {
    return static_cast<T>(array(1, sizeof(T), section)[0]);
  }

  // The next `count` integers of `width` bytes, read in place.
  PackedArray array(std::uint64_t count, unsigned width, const char* section) {
    if (count > remaining() / width) {
      throw Error(ErrorKind::truncated,
                  std::string(section) + ": needs " + std::to_string(count) + " entries of " +
                      std::to_string(width) + " bytes, but only " + std::to_string(remaining()) +
                      " bytes are left",
                  section, data_.size());
    }
    const auto size = static_cast<std::size_t>(count);
    PackedArray result(data_.data() + offset_, size, width, offset_, section);
    offset_ += size * width;
    return result;
  }

  [[noreturn]] void fail(ErrorKind kind, const std::string& message, const char* section) const {
    throw Error(kind, std::string(section) + ": " + message, section, offset_);
  }

 private:
  std::span<const std::uint8_t> data_;
  std::size_t offset_ = 0;
};

}  // namespace segpresso
