// Trained tables of the `fast` model: which features share a context, and where contexts start.
#pragma once

#include <array>
#include <cstdint>

#include "native/symbol_model.hpp"

namespace segpresso::native::fast {

inline constexpr unsigned beside_classes = 32;
inline constexpr unsigned around_classes = 16;
inline constexpr unsigned place_classes = 48;
inline constexpr unsigned history_classes = 24;
inline constexpr unsigned width_classes = 20;

extern const std::array<std::uint8_t, 6561> beside_class;
extern const std::array<std::uint8_t, 6561> around_class;
extern const std::array<std::uint8_t, beside_classes * around_classes> place_class;
extern const std::array<std::uint8_t, 4096> history_class;
extern const std::array<std::uint8_t, 147> width_class;
extern const std::array<std::uint8_t, place_classes * history_classes * width_classes> edge_context;
extern const std::array<std::uint8_t, 144> row_context;
extern const std::array<std::uint8_t, 140 * around_classes> offset_context;
extern const std::array<std::uint8_t, 70 * beside_classes> position_context;
extern const std::array<std::uint8_t, 160> label_context;

// The models of all contexts, one kind of symbol after the other.
inline constexpr unsigned edge_models = 0;
inline constexpr unsigned row_models = 256;
inline constexpr unsigned slice_model = 320;
inline constexpr unsigned end_models = 321;
inline constexpr unsigned offset_models = 323;
inline constexpr unsigned position_models = 355;
inline constexpr unsigned label_models = 387;
inline constexpr unsigned contexts = 411;

extern const std::array<SymbolModel, contexts> start_models;

}  // namespace segpresso::native::fast
