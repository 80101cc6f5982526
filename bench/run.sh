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


# Real receivers, on the core that is not the sinks'.
other_core=$(taskset -cp $$ | sed 's/.*: *//; s/[^0-9]/ /g' | awk '{ print $2 == "" ? $1 : $2 }')
peers=$(mktemp -d)
export KAFKA_RUN_DIR="$peers/kafka" KAFKA_BASE_PORT="${KAFKA_BASE_PORT:-29292}"
export PEER_DIR="$peers/victoria-logs" PEER_PORT="${PEER_PORT:-29429}"
stop_peers() {
  tests/peers/kafka/kafka_cluster.sh down
  tests/peers/victoria-logs stop
  rm -rf "$peers" "$TALLY_BENCH_ROWS"
}
trap stop_peers EXIT

echo "== kafka_ship_bench"
kafka=$(taskset -c "$other_core" tests/peers/kafka/kafka_cluster.sh up 1)
"$build/bench/kafka_ship_bench" ${short:+"$short"} --peer "$kafka"
tests/peers/kafka/kafka_cluster.sh down

echo "== loki_ship_bench"
if tests/peers/victoria-logs build; then
  victoria_logs=$(taskset -c "$other_core" tests/peers/victoria-logs start)
  loki=${victoria_logs#http://}/insert
  "$build/bench/loki_ship_bench" ${short:+"$short"} --peer "$loki"
  echo "== ingest_beside_shipping_bench"
  "$build/bench/ingest_beside_shipping_bench" ${short:+"$short"} --peer "$loki"
else
  echo "warning: no receiver for Loki's protocol, which takes Go 1.26: two benchmarks left out" >&2
fi

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
