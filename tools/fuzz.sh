#!/usr/bin/env bash
# Fuzzes every decoder of the core, one after the other.
#
# Usage: fuzz.sh [SECONDS_PER_TARGET=60] [TARGET...]
# Environment: CMAKE (default cmake), JOBS for building (default 2)
#
# Corpora grow in build/fuzz/corpus. Inputs of findings, and logs, are kept in build/fuzz/findings;
# run `build/fuzz/core/fuzz/TARGET INPUT` to see one again.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
targets=("${@:2}")
((${#targets[@]})) || targets=(fuzz_balanced fuzz_block_tables fuzz_compressed_segmentation
                               fuzz_cpso fuzz_fast fuzz_lempel_ziv fuzz_miccai fuzz_native
                               fuzz_packed fuzz_small)
build=build/fuzz

tools/build_fuzz.sh

failed=0
for target in "${targets[@]}"; do
  corpus=$build/corpus/$target
  findings=$build/findings/$target
  mkdir -p "$corpus" "$findings"
  log=$findings/log.txt
  status=0
  "$build/core/fuzz/$target" "$corpus" "$build/seeds/$target" -max_total_time="$seconds" \
    -max_len=16384 -rss_limit_mb=2048 -malloc_limit_mb=512 -timeout=10 -use_value_profile=1 \
    -print_final_stats=1 -artifact_prefix="$findings/" >"$log" 2>&1 || status=$?
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  speed=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
  covered=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)
  summary="$target: ${runs:-?} runs, ${speed:-?}/s, ${covered:-?} edges"
  if ((status == 0)); then
    echo "$summary, no finding"
  else
    failed=1
    echo "$summary, FINDING: $(grep -m 1 -E '^SUMMARY|^violated' "$log" || tail -1 "$log")"
    sed -n 's/.*Test unit written to /  input: /p' "$log"
  fi
done
exit "$failed"
