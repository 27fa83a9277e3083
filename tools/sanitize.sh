#!/usr/bin/env bash
# Runs the core's tests and the golden streams under AddressSanitizer and UndefinedBehaviorSanitizer,
# and the tests that use threads under ThreadSanitizer.
#
# Usage: sanitize.sh
# Environment: CMAKE (default cmake), CXX (default clang++-19), JOBS (default 2)
set -euo pipefail
cd "$(dirname "$0")/.."

cmake=${CMAKE:-cmake}
cxx=${CXX:-clang++-19}

tools/require_packages.sh doctest-dev
[[ $cxx != clang++-19 ]] || tools/require_packages.sh clang-19 libclang-rt-19-dev

# build SANITIZERS DIRECTORY
build() {
  "$cmake" -S . -B "$2" -G Ninja --log-level=WARNING -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    -DCMAKE_CXX_COMPILER="$cxx" -DSKBUILD_PROJECT_VERSION=0.1.0 -DSEGPRESSO_PYTHON=OFF \
    -DSEGPRESSO_TESTS=ON -DSEGPRESSO_SANITIZE="$1" >/dev/null
  local log
  log=$("$cmake" --build "$2" -j "${JOBS:-2}" 2>&1) || { echo "$log" >&2; exit 1; }
}

echo "core tests under AddressSanitizer and UndefinedBehaviorSanitizer"
build address,undefined build/sanitize-address
UBSAN_OPTIONS=print_stacktrace=1 build/sanitize-address/core/tests/core_tests --minimal

echo "golden streams under AddressSanitizer and UndefinedBehaviorSanitizer"
tools/build_fuzz.sh
for seeds in build/fuzz/seeds/*; do
  log=$(build/fuzz/core/fuzz/"$(basename "$seeds")" -runs=0 "$seeds" 2>&1) ||
    { echo "$log" >&2; exit 1; }
  echo "  $(basename "$seeds"): $(find "$seeds" -type f | wc -l) streams decoded, encoded, compared"
done

echo "tests with threads under ThreadSanitizer"
build thread build/sanitize-thread
build/sanitize-thread/core/tests/core_tests --minimal --test-suite=threads
