#!/usr/bin/env bash
# Builds the core and its tests in release mode and runs them with each set of kernels.
#
# Usage: test_core.sh
# Environment: CMAKE (default cmake), CTEST (default ctest), JOBS (default 2)
set -euo pipefail
cd "$(dirname "$0")/.."

cmake=${CMAKE:-cmake}
build=build/core-tests

tools/require_packages.sh doctest-dev
"$cmake" -S . -B "$build" -G Ninja --log-level=WARNING -DCMAKE_BUILD_TYPE=Release \
  -DSKBUILD_PROJECT_VERSION=0.1.0 -DSEGPRESSO_PYTHON=OFF -DSEGPRESSO_TESTS=ON >/dev/null
log=$("$cmake" --build "$build" -j "${JOBS:-2}" 2>&1) || { echo "$log" >&2; exit 1; }

sets=(default scalar)
[[ $(uname -m) == x86_64 ]] && sets+=(avx2)
for simd in "${sets[@]}"; do
  echo "core tests, SIMD $simd"
  (
    [[ $simd == default ]] || export SEGPRESSO_SIMD=$simd
    "${CTEST:-ctest}" --test-dir "$build/core/tests" --output-on-failure --quiet
  )
done
