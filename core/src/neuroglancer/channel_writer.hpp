// Puts the strips of a channel behind each other.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "neuroglancer/strip.hpp"

namespace segpresso::neuroglancer {

// Values and tables alternate; a table that was written before is not written again.
class ChannelWriter {
 public:
  // `voxel_bytes` are those of the channel's labels.
  ChannelWriter(std::vector<std::uint8_t>& out, std::size_t blocks, std::size_t voxel_bytes)
      : out_(out), start_(out.size()) {
    const std::size_t header_bytes = 2 * blocks * word_bytes;
    // Mostly enough: while a vector moves to a larger place, all threads wait. What is not written
    // takes no memory.
    const std::size_t expected = std::min(voxel_bytes / 4, max_offset * word_bytes);
    out_.reserve(start_ + header_bytes + expected);
    out_.resize(start_ + header_bytes);
  }

  void append(const Strip& strip) {
    const std::uint32_t* values = strip.values.data();
    const std::uint32_t* table = strip.tables.data();
    for (const Strip::Block& block : strip.blocks) {
      const std::size_t values_at = offset();
      append_words({values, block.value_words});
      const std::size_t table_at = place_table({table, block.table_words}, block.table_hash);
      if (values_at >= max_offset) fail_too_large();
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

  // `words` is 0 in empty slots.
  struct Table {
    std::uint64_t hash = 0;
    std::uint32_t offset = 0;
    std::uint32_t words = 0;
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
    std::size_t i = slot_of(hash);
    while (tables_[i].words != 0 && !(tables_[i].hash == hash && is_at(tables_[i], words))) {
      i = next_slot(i);
    }
    if (tables_[i].words == 0) {
      const std::size_t at = offset();
      if (at >= max_offset) fail_too_large();
      append_words(words);
      tables_[i] = {hash, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(words.size())};
      last_ = tables_[i];
      if (2 * ++table_count_ > tables_.size()) grow();
    } else {
      last_ = tables_[i];
    }
    return last_.offset;
  }

  [[nodiscard]] std::size_t slot_of(std::uint64_t hash) const noexcept {
    // The high bits are the well mixed ones.
    return hash >> (64 - std::bit_width(tables_.size() - 1));
  }
  [[nodiscard]] std::size_t next_slot(std::size_t i) const noexcept {
    return (i + 1) & (tables_.size() - 1);
  }

  void grow() {
    const std::vector<Table> before = std::exchange(tables_, {});
    tables_.resize(2 * before.size());
    for (const Table& table : before) {
      if (table.words == 0) continue;
      std::size_t i = slot_of(table.hash);
      while (tables_[i].words != 0) i = next_slot(i);
      tables_[i] = table;
    }
  }

  std::vector<std::uint8_t>& out_;
  std::size_t start_;
  std::size_t block_ = 0;
  Table last_;
  // Open addressing: a list of nodes per table takes twice the time, which all threads wait for.
  std::vector<Table> tables_ = std::vector<Table>(1024);
  std::size_t table_count_ = 0;
};

}  // namespace segpresso::neuroglancer
