# Signing in through an identity provider, in a real browser; the provider is a process of its own on this machine.
set -u
cd "$(dirname "$0")/.."
. cases/serving.sh
claim "a district of 40 enterprises" "$tenglong" district "${district[@]}" --firms 40 --seed 7 --quiet
"$node" tests/e2e/provider.mjs >"$folder/provider.txt" &
provider=$!
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; kill "$provider" 2>/dev/null; rm -rf "$folder"' EXIT
for _ in $(seq 100); do [ -s "$folder/provider.txt" ] && break; sleep 0.1; done
settings=$folder/data/oidc.json
[ -z "${TENGLONG_TEST_DATABASE:-}" ] || settings=$folder/files/oidc.json
printf '{"issuer":"http://id.example.org","client_id":"tenglong","address":"somewhere","scope":"profile"}' >"$settings"
"$tenglong" serve "${district[@]}" >"$folder/wrong.txt" 2>&1
claim "settings that are wrong do not serve, and every mistake is told at once" [ "$(grep -c E-SERVER-312 "$folder/wrong.txt")" = 3 ]
# The address that people open holds the port.
port=$((20000 + RANDOM % 20000))
printf '{"issuer":"%s","client_id":"tenglong","address":"http://127.0.0.1:%s","second_factor":{"amr":["hwk"]},"label":{"zh":"用样例证书登录","en":"By card"}}' \
  "$(cat "$folder/provider.txt")" "$port" >"$settings"
serve_on "$port" sample "${district[@]}"
play oidc.mjs
stop_serving
