// Writes native streams of small volumes of all kinds, types and profiles, and payloads of all
// models, to begin fuzzing with.
//
// Usage: make_native_seeds DIRECTORY
//
// DIRECTORY holds a folder for each of the targets fuzz_native, fuzz_fast, fuzz_balanced,
// fuzz_small.
#include <cstdio>
#include <fstream>
#include <string>

#include "base/byte_writer.hpp"
#include "fuzz/model_input.hpp"
#include "native/balanced/balanced.hpp"
#include "native/fast/encoder.hpp"
#include "native/small/encoder.hpp"
#include "segpresso/native.hpp"
#include "support/made_up.hpp"
#include "support/structures.hpp"

namespace segpresso::fuzz {
namespace {

void write(const std::string& path, const std::vector<std::uint8_t>& bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

void make_streams(const std::string& directory) {
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
}

template <class Encoder>
void make_payloads(const std::string& directory) {
  Encoder encoder;
  unsigned number = 0;
  for (const test::Kind kind : test::kinds) {
    for (const Shape& shape : {Shape{38, 11, 4}, Shape{9, 3, 2}, Shape{80, 1, 1}}) {
      const test::Structure structure(test::make_volume(kind, shape, LabelType::u32, number));
      if (!structure.needs_a_model()) continue;
      ByteWriter out;
      out.write_all<std::uint8_t>(make_model_header(structure.info));
      encoder.encode(structure.indices.data(), structure.info, out);
      write(directory + "/payload" + std::to_string(number++), out.take());
    }
  }
}

int make(const std::string& directory) {
  make_streams(directory + "/fuzz_native");
  make_payloads<native::FastEncoder>(directory + "/fuzz_fast");
  make_payloads<native::BalancedEncoder>(directory + "/fuzz_balanced");
  make_payloads<native::SmallEncoder>(directory + "/fuzz_small");
  return 0;
}

}  // namespace
}  // namespace segpresso::fuzz

int main(int argc, char** argv) {
  if (argc == 2) return segpresso::fuzz::make(argv[1]);
  std::fprintf(stderr, "usage: make_native_seeds DIRECTORY\n");
  return 1;
}
