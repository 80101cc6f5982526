#!/bin/sh
# Runs every benchmark of a build and prints one table. See bench/README.md.
#   bench/run.sh [--short] [BUILD_DIRECTORY]
# Fails on a wrong answer, never on a figure.
set -eu

short=
build=build/bench
for argument in "$@"; do
  case $argument in
    --short) short=--short ;;
    -*) echo "usage: $0 [--short] [BUILD_DIRECTORY]" >&2; exit 2 ;;
    *) build=$argument ;;
  esac
done

if [ -n "$short" ]; then
  micro="--benchmark_min_time=0.05"
else
  micro="--benchmark_repetitions=5 --benchmark_report_aggregates_only=true"
fi

if [ "$(stat -f -c %T "${TMPDIR:-/tmp}")" = tmpfs ]; then
  echo "warning: ${TMPDIR:-/tmp} is a tmpfs: what waits for a disk does not; set TMPDIR" >&2
fi

TALLY_BENCH_ROWS=$(mktemp)
export TALLY_BENCH_ROWS
trap 'rm -f "$TALLY_BENCH_ROWS"' EXIT
echo 'what|figure|limit|ratio|bar' > "$TALLY_BENCH_ROWS"

for bench in validator_bench frame_encoder_bench journal_commit_bench; do
  echo "== $bench"
  # shellcheck disable=SC2086  # the options are words
  "$build/bench/$bench" $micro
done
for bench in http_batch_bench http_single_bench http_latency_bench file_follower_bench \
  segment_bytes_bench segment_seal_bench segment_decode_bench segment_lookup_bench \
  sealing_bench many_segments_bench; do
  echo "== $bench"
  "$build/bench/$bench" ${short:+"$short"}
done

echo
awk -F '|' '
  { for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > w[i]) w[i] = length($i) } }
  END {
    for (row = 1; row <= NR; row++) {
      line = ""
      for (i = 1; i <= 5; i++) line = line sprintf("%-" w[i] "s  ", cell[row, i])
      sub(/ +$/, "", line)
      print line
    }
  }' "$TALLY_BENCH_ROWS"
