#include "native/small/curves.hpp"

namespace segpresso::native::small {
namespace {

// 65536 / (1 + exp(-j / 4)); between them the curve is straight.
constexpr std::array<int, 45> knots{32768, 36843, 40793, 44511, 47911, 50941, 53581, 55834, 57724,
                                    59287, 60565, 61598, 62428, 63090, 63615, 64030, 64357, 64614,
                                    64816, 64974, 65097, 65194, 65269, 65328, 65374, 65410, 65438,
                                    65459, 65476, 65489, 65500, 65508, 65514, 65519, 65523, 65526,
                                    65528, 65530, 65531, 65532, 65533, 65534, 65534, 65535, 65535};

constexpr int squash_by_knots(int odds) {
  if (odds < 0) return 65536 - squash_by_knots(-odds);
  const auto j = static_cast<unsigned>(odds / 64);
  return knots[j] + (knots[j + 1] - knots[j]) * (odds % 64) / 64;
}

constexpr Curves make_curves() {
  Curves result{};
  for (int odds = -max_output; odds <= max_output; ++odds) {
    result.squash[static_cast<unsigned>(odds + max_output)] =
        static_cast<std::uint16_t>(squash_by_knots(odds));
  }
  return result;
}

}  // namespace

constexpr Curves curves = make_curves();

}  // namespace segpresso::native::small
