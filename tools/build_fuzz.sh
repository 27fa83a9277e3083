#!/usr/bin/env bash
# Builds the fuzz targets into build/fuzz and their seeds, made of the golden streams and by the
# native encoder, into build/fuzz/seeds.
#
# Environment: CMAKE (default cmake), JOBS (default 2)
set -euo pipefail
cd "$(dirname "$0")/.."

cmake=${CMAKE:-cmake}
build=build/fuzz

tools/require_packages.sh clang-19 libclang-rt-19-dev
"$cmake" -S . -B "$build" -G Ninja --log-level=WARNING -DCMAKE_BUILD_TYPE=RelWithDebInfo \
  -DCMAKE_CXX_COMPILER=clang++-19 -DSKBUILD_PROJECT_VERSION=0.1.0 -DSEGPRESSO_PYTHON=OFF \
  -DSEGPRESSO_FUZZ=ON >/dev/null
log=$("$cmake" --build "$build" -j "${JOBS:-2}" 2>&1) || { echo "$log" >&2; exit 1; }
python3 tools/make_seed_corpus.py "$build/seeds"
for target in fuzz_native fuzz_fast fuzz_balanced fuzz_small; do
  rm -rf "$build/seeds/$target"
  mkdir -p "$build/seeds/$target"
done
"$build/core/fuzz/make_native_seeds" "$build/seeds"
