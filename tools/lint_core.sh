#!/usr/bin/env bash
# Checks the C++ sources with clang-format and clang-tidy; --fix formats them in place.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mapfile -t sources < <(find core bindings -name '*.cpp' -o -name '*.hpp' | sort)
if [[ "${1:-}" == --fix ]]; then
  clang-format -i "${sources[@]}"
  exit
fi
clang-format --dry-run -Werror "${sources[@]}"

# nanobind's headers are not ours to check, and intrinsics of other machines cannot be. Without
# precompiled headers a file that lacks an #include is found.
mapfile -t checked < <(find core/src -name '*.cpp' -not -name '*_neon.cpp' | sort)
"${CMAKE:-cmake}" -S . -B build/tidy -DSKBUILD_PROJECT_VERSION=0.0.0 -DSEGPRESSO_PYTHON=OFF \
  -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON >/dev/null
printf '%s\n' "${checked[@]}" |
  xargs -P "$(nproc)" -n 1 clang-tidy -p build/tidy --quiet 2>/dev/null
echo "clang-format and clang-tidy: ${#sources[@]} files clean"
