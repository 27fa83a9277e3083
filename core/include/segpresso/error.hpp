// The one error type of the core.
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace segpresso {

enum class ErrorKind {
  corrupt,           // the stream contradicts itself or its format
  truncated,         // the stream ends too early
  unsupported,       // valid, but this codec cannot represent or read it
  limit,             // would exceed the caller's limits
  invalid_argument,  // the call itself is wrong
};

class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message, std::string section = {},
        std::optional<std::size_t> offset = std::nullopt)
      : std::runtime_error(message), kind_(kind), section_(std::move(section)), offset_(offset) {}

  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
  // Part of the stream ("header", "windows", ...); empty for errors about arguments.
  [[nodiscard]] const std::string& section() const noexcept { return section_; }
  // Byte offset in the stream where the problem was noticed.
  [[nodiscard]] std::optional<std::size_t> offset() const noexcept { return offset_; }

 private:
  ErrorKind kind_;
  std::string section_;
  std::optional<std::size_t> offset_;
};

}  // namespace segpresso
