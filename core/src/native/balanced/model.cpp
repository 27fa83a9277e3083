#include "native/balanced/model.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

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

template <class Tables>
const std::int8_t* set_logits(Tables& tables, const std::int8_t* logit) {
  for (auto& table : tables) {
    for (Slot& slot : table.slots) {
      if (*logit != 0) {
        slot.logit = static_cast<std::int16_t>(*logit * 256);
        slot.rate = trained_rate;
      }
      ++logit;
    }
  }
  return logit;
}

template <class Tables>
void set_rates(Tables& tables) {
  for (auto& table : tables) {
    for (Slot& slot : table.slots) slot.rate = first_rate;
  }
}

}  // namespace

Model untrained_model() {
  Model model{};
  set_rates(model.label);
  set_rates(model.run);
  set_rates(model.rare);
  return model;
}

const Model& trained_model() {
  static const Model model = [] {
    Model result = untrained_model();
    set_logits(result.rare,
               set_logits(result.run, set_logits(result.label, trained_logits.data())));
    return result;
  }();
  return model;
}

}  // namespace segpresso::native::balanced
