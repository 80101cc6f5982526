#!/bin/sh
# A real Apache Kafka (KRaft, no ZooKeeper) on loopback, for tests: README.md.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
run=${KAFKA_RUN_DIR:-${TMPDIR:-/tmp}/tally-kafka-$(id -u)}
jars=${KAFKA_JARS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/tally-kafka-4.3.1}
base=${KAFKA_BASE_PORT:-19092}
heap=${KAFKA_HEAP:-256m}
tls=${KAFKA_TLS_DIR:-}
ports=$([ -z "$tls" ] && echo 3 || echo 5)
# Before a command: where it is to run.
within=

usage() {
  cat <<'TEXT'
usage: kafka_cluster.sh COMMAND

  up [N]           start N brokers (default 1), print HOST:PORT,… once all of them serve
  start ID         start a broker that was killed
  kill ID          kill -9 a broker
  pause ID         stop a broker where it stands: alive, but silent
  resume ID        let it go on
  fill ID          leave no room on a broker's disk (KAFKA_DISK_MB)
  free ID          give it back
  tool NAME ARGS   run one of Kafka's tools, e.g. tool TopicCommand --list
  jars             fetch what is needed, and nothing else
  down             end all, and remove their data
TEXT
}

die() {
  echo "kafka_cluster: $*" >&2
  exit 1
}

client_port() { echo $((base + ports * ($1 - 1))); }
controller_port() { echo $((base + ports * ($1 - 1) + 1)); }
sasl_port() { echo $((base + ports * ($1 - 1) + 2)); }
ssl_port() { echo $((base + ports * ($1 - 1) + 3)); }
sasl_ssl_port() { echo $((base + ports * ($1 - 1) + 4)); }
brokers() { seq "$(cat "$run/size")"; }

bootstrap() {
  for id in $(brokers); do echo "127.0.0.1:$(client_port "$id")"; done | paste -sd,
}
voters() {
  for id in $(brokers); do echo "$id@127.0.0.1:$(controller_port "$id")"; done | paste -sd,
}

java_main() { $within java -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$jars/*" "$@"; }

# Two test programs may want them at once: what is whole gets its name in one step.
fetch_jars() {
  [ -d "$jars" ] && return
  mkdir -p "$(dirname "$jars")"
  draft=$(mktemp -d "$jars.XXXXXX")
  mvn -q -B -f "$here/kafka_jars.pom.xml" dependency:copy-dependencies \
    -DoutputDirectory="$draft" >&2 || die "Maven cannot fetch the jars"
  mv -T "$draft" "$jars" 2>/dev/null || rm -rf "$draft"
}

# Topics are made as they are used by whoever lets that happen: Tally must not.
write_properties() {
  size=$(cat "$run/size")
  replicas=$((size < 3 ? size : 3))
  in_sync=$((replicas > 1 ? 2 : 1))
  mkdir -p "$run/$1"
  cat >"$run/$1/server.properties" <<PROPERTIES
process.roles=broker,controller
node.id=$1
controller.quorum.voters=$(voters)
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:$(client_port "$1"),CONTROLLER://127.0.0.1:$(controller_port "$1"),SASL_PLAINTEXT://127.0.0.1:$(sasl_port "$1")${tls:+,SSL://127.0.0.1:$(ssl_port "$1"),SASL_SSL://127.0.0.1:$(sasl_ssl_port "$1")}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL
sasl.enabled.mechanisms=PLAIN
listener.name.sasl_plaintext.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_tally="well kept" user_guest="welcome";
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS;User:admin;User:CN=test
log.dirs=$run/$1/data
auto.create.topics.enable=true
num.partitions=3
default.replication.factor=$replicas
min.insync.replicas=$in_sync
offsets.topic.replication.factor=$replicas
transaction.state.log.replication.factor=$replicas
transaction.state.log.min.isr=$in_sync
transaction.state.log.num.partitions=4
offsets.topic.num.partitions=4
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
PROPERTIES
  [ -z "$tls" ] || write_tls_properties "$1"
}

# Kafka wants key and certificate in one file.
write_tls_properties() {
  cat "$tls/key.pem" "$tls/certificate.pem" >"$run/$1/keystore.pem"
  cat >>"$run/$1/server.properties" <<PROPERTIES
ssl.keystore.type=PEM
ssl.keystore.location=$run/$1/keystore.pem
ssl.truststore.type=PEM
ssl.truststore.location=$tls/clients.pem
listener.name.ssl.ssl.client.auth=required
listener.name.sasl_ssl.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512
listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_admin="hush-8f3a";
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
PROPERTIES
}

# A disk of a broker's own, in memory: its mount lives as long as the process that made it.
make_disk() {
  [ -n "${KAFKA_DISK_MB:-}" ] || return 0
  mkdir -p "$run/$1/data"
  # shellcheck disable=SC2016  # these are the inner shell's
  nohup unshare -rm sh -c 'mount -t tmpfs -o size="$1m" none "$2" && : >"$2/../mounted" &&
    exec tail -f /dev/null' sh "$KAFKA_DISK_MB" "$run/$1/data" >>"$run/$1/log" 2>&1 </dev/null &
  echo $! >"$run/$1/disk"
  until [ -e "$run/$1/mounted" ]; do
    kill -0 "$(cat "$run/$1/disk")" 2>/dev/null || die "no disk of its own: $run/$1/log"
    sleep 0.05
  done
}

# The command's beginning that takes it to where the broker's disk is.
at_disk() {
  [ -e "$run/$1/disk" ] || return 0
  echo "nsenter -t $(cat "$run/$1/disk") -U -m --preserve-credentials --"
}

fill() {
  [ -e "$run/$1/disk" ] || die "broker $1 has no disk of its own"
  $(at_disk "$1") dd if=/dev/zero of="$run/$1/data/filler" bs=4k 2>/dev/null || true
}

start_broker() {
  # shellcheck disable=SC2046  # its words are a command's beginning, or nothing
  nohup $(at_disk "$1") java "-Xmx$heap" -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$jars/*" kafka.Kafka \
    "$run/$1/server.properties" >>"$run/$1/log" 2>&1 </dev/null &
  echo $! >"$run/$1/pid"
}

# Serves: it answers, and knows a controller.
wait_for() {
  tries=0
  until kcat -b "127.0.0.1:$(client_port "$1")" -L -m 2 2>/dev/null | grep -q "(controller)"; do
    kill -0 "$(cat "$run/$1/pid")" 2>/dev/null || die "broker $1 has ended: $(tail -n 5 "$run/$1/log")"
    tries=$((tries + 1))
    [ $tries -lt 200 ] || die "broker $1 does not serve: $run/$1/log"
    sleep 0.2
  done
}

# Ends all when the process that wanted it has ended, however.
end_with() {
  (
    while kill -0 "$1" 2>/dev/null; do sleep 1; done
    down
  ) >/dev/null 2>&1 </dev/null &
}

up() {
  fetch_jars
  [ ! -e "$run/size" ] || die "$run is in use: kafka_cluster down"
  mkdir -p "$run"
  echo "$1" >"$run/size"
  [ -z "${KAFKA_OWNER:-}" ] || end_with "$KAFKA_OWNER"
  # Any 16 bytes in base64.
  cluster=dGFsbHkgZm9yIHRlc3RzIQ
  for id in $(brokers); do
    write_properties "$id"
    make_disk "$id"
    within=$(at_disk "$id")
    java_main kafka.tools.StorageTool format -t "$cluster" -c "$run/$id/server.properties" \
      --add-scram 'SCRAM-SHA-512=[name=admin,password=hush-8f3a]' >"$run/$id/format.log" 2>&1 || die "cannot format: $run/$id/format.log"
    within=
    start_broker "$id"
  done
  for id in $(brokers); do wait_for "$id"; done
  bootstrap
}

down() {
  [ -e "$run/size" ] || return 0
  for id in $(brokers); do
    for process in pid disk; do
      [ ! -e "$run/$id/$process" ] || kill -9 "$(cat "$run/$id/$process")" 2>/dev/null || true
    done
  done
  rm -rf "$run"
}

command=${1:-}
[ $# -eq 0 ] || shift
case $command in
  up) up "${1:-1}" ;;
  start) start_broker "$1" && wait_for "$1" ;;
  kill) kill -9 "$(cat "$run/$1/pid")" ;;
  pause) kill -STOP "$(cat "$run/$1/pid")" ;;
  resume) kill -CONT "$(cat "$run/$1/pid")" ;;
  fill) fill "$1" ;;
  free) $(at_disk "$1") rm "$run/$1/data/filler" ;;
  tool)
    tool=$1
    shift
    java_main "org.apache.kafka.tools.$tool" --bootstrap-server "$(bootstrap)" "$@"
    ;;
  jars) fetch_jars ;;
  down) down ;;
  *)
    usage
    exit 2
    ;;
esac
