#include "native/balanced/model.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

namespace segpresso::native::balanced {
namespace {

// By table, in the order of the fields of Model.
constexpr std::size_t slot_count = sizeof(Model) / sizeof(Slot);
constexpr std::array<std::int8_t, slot_count> trained_logits{
#include "native/balanced/trained_logits.inc"
};

// What has been learned elsewhere is believed little: 1.5 observations' worth. Three times as much
// is 1 % larger on volumes that were left out of the training.
constexpr int trained_rate = 9362;

static_assert(std::is_trivially_copyable_v<Model> && sizeof(Model) == slot_count * sizeof(Slot));

Model model_of(const std::vector<Slot>& slots) {
  Model model{};
  std::memcpy(static_cast<void*>(&model), slots.data(), sizeof model);
  return model;
}

}  // namespace

Model untrained_model() { return model_of(std::vector<Slot>(slot_count, Slot(0, first_rate))); }

const Model& trained_model() {
  static const Model model = [] {
    std::vector<Slot> slots(slot_count, Slot(0, first_rate));
    for (std::size_t i = 0; i < slot_count; ++i) {
      const int logit = 256 * trained_logits[i];
      if (logit != 0) slots[i] = Slot(logit, trained_rate);
    }
    return model_of(slots);
  }();
  return model;
}

}  // namespace segpresso::native::balanced
