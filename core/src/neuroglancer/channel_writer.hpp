// Puts the strips of a channel behind each other.
#pragma once

#include <array>
#include <cstring>
#include <span>
#include <unordered_map>

#include "neuroglancer/strip.hpp"

namespace segpresso::neuroglancer {

// Values and tables alternate; a table that was written before is not written again.
class ChannelWriter {
 public:
  ChannelWriter(std::vector<std::uint8_t>& out, std::size_t blocks)
      : out_(out), start_(out.size()) {
    out_.resize(start_ + 2 * blocks * word_bytes);
  }

  void append(const Strip& strip) {
    const std::uint32_t* values = strip.values.data();
    const std::uint32_t* table = strip.tables.data();
    for (const Strip::Block& block : strip.blocks) {
      const std::size_t values_at = offset();
      append_words({values, block.value_words});
      const std::size_t table_at = place_table({table, block.table_words}, block.table_hash);
      if (table_at >= max_offset || values_at >= max_offset) {
        fail_too_large();
      }
      const std::array header{static_cast<std::uint32_t>(table_at | block.bits << 24),
                              static_cast<std::uint32_t>(values_at)};
      std::memcpy(out_.data() + start_ + block_ * sizeof header, header.data(), sizeof header);
      ++block_;
      values += block.value_words;
      table += block.table_words;
    }
  }

 private:
  static constexpr std::size_t word_bytes = sizeof(std::uint32_t);

  struct Table {
    std::size_t offset;
    std::size_t words;
  };
  using Words = std::span<const std::uint32_t>;

  // In words, as the format counts.
  [[nodiscard]] std::size_t offset() const noexcept { return (out_.size() - start_) / word_bytes; }

  void append_words(Words words) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(words.data());
    out_.insert(out_.end(), bytes, bytes + words.size_bytes());
  }

  [[nodiscard]] bool is_at(const Table& table, Words words) const noexcept {
    return table.words == words.size() &&
           std::memcmp(out_.data() + start_ + table.offset * word_bytes, words.data(),
                       words.size_bytes()) == 0;
  }

  // Offset of an equal table written before, or of a new one.
  std::size_t place_table(Words words, std::uint64_t hash) {
    // Neighbouring blocks often share a table: no look-up then.
    if (is_at(last_, words)) return last_.offset;
    const auto [first, last] = tables_.equal_range(hash);
    for (auto at = first; at != last; ++at) {
      if (is_at(at->second, words)) {
        last_ = at->second;
        return last_.offset;
      }
    }
    last_ = {offset(), words.size()};
    tables_.emplace(hash, last_);
    append_words(words);
    return last_.offset;
  }

  std::vector<std::uint8_t>& out_;
  std::size_t start_;
  std::size_t block_ = 0;
  Table last_{0, 0};
  std::unordered_multimap<std::uint64_t, Table> tables_;
};

}  // namespace segpresso::neuroglancer
