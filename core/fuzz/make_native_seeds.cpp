// Writes native streams of small volumes of all kinds, types and profiles, to begin fuzzing with.
//
// Usage: make_native_seeds DIRECTORY
#include <cstdio>
#include <fstream>
#include <string>

#include "segpresso/native.hpp"
#include "tests/support/made_up.hpp"

namespace segpresso::fuzz {
namespace {

void write(const std::string& path, const std::vector<std::uint8_t>& bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

int make(const std::string& directory) {
  unsigned number = 0;
  for (const test::Kind kind : test::kinds) {
    for (unsigned profile = 0; profile < 3; ++profile) {
      const LabelType type = test::label_types[number % 4];
      const auto numbers = static_cast<native::NumberKind>(number % 2);
      const test::Volume volume = test::make_volume(kind, {19, 11, 9}, type, number);
      const native::ArrayInfo array{{type, numbers}, {9, 11, 19}, false};
      native::Options options{.profile = static_cast<native::Profile>(profile),
                              .statistics = number % 3 == 0};
      if (number % 5 < 3) options.block = {10, 6, 5};
      write(directory + "/stream" + std::to_string(number++),
            native::encode(array, {volume.view(), 1, 0}, options, 1));
    }
  }
  return 0;
}

}  // namespace
}  // namespace segpresso::fuzz

int main(int argc, char** argv) {
  if (argc == 2) return segpresso::fuzz::make(argv[1]);
  std::fprintf(stderr, "usage: make_native_seeds DIRECTORY\n");
  return 1;
}
