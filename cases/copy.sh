# One district in a data folder, moved to PostgreSQL and back: the same contents, the same result, checked by the verifier.
set -u
cd "$(dirname "$0")/.."
if [ -z "${TENGLONG_TEST_DATABASE:-}" ]; then exec build/release/bin/with_postgres bash "$0"; fi
. cases/claims.sh
tenglong=build/release/bin/tenglong
verify=build/release/bin/tenglong-verify
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
policy=(--pack packs/dinghai-2021 --overlay packs/sample-overlay)
base=$(place "$folder/base")
"$tenglong" district "${policy[@]}" --data "$folder/data" --firms 100 >/dev/null 2>&1
"$tenglong" store info "${policy[@]}" --data "$folder/data" --json >"$folder/a.json"
claim "everything goes to the database" "$tenglong" store copy "${policy[@]}" --from "$folder/data" --to "$base" --quiet
"$tenglong" store info "${policy[@]}" --data "$base" --json >"$folder/b.json"
fingerprint() { sed 's/.*"fingerprint":"\([0-9a-f]*\)"}$/\1/' "$1"; }
claim "the same contents" [ "$(fingerprint "$folder/a.json")" = "$(fingerprint "$folder/b.json")" ]
"$tenglong" store copy "${policy[@]}" --from "$folder/data" --to "$base" >"$folder/out.txt" 2>&1
claim "not over what is there" says E-STORE-101 "$folder/out.txt"
"$tenglong" store copy "${policy[@]}" --from "$folder/data" --to "$folder/data/." >"$folder/out.txt" 2>&1
claim "not onto itself" says E-STORE-102 "$folder/out.txt"
"$tenglong" run "${policy[@]}" --data "$folder/data" --period 2023 2>/dev/null | grep 结果指纹 >"$folder/run-a.txt"
"$tenglong" run "${policy[@]}" --data "$base" --period 2023 2>/dev/null | grep 结果指纹 >"$folder/run-b.txt"
claim "the database gives the same result" cmp "$folder/run-a.txt" "$folder/run-b.txt"
claim "and there is one" [ -s "$folder/run-b.txt" ]
claim "back to a folder" "$tenglong" store copy "${policy[@]}" --from "$base" --to "$folder/again" --quiet
claim "the verifier finds nothing there" "$verify" "$folder/again/tenglong.db"
"$tenglong" trail key "${policy[@]}" --data "$base" --files "$folder/files" >"$folder/public.pem" 2>/dev/null
"$tenglong" trail export "${policy[@]}" --data "$base" --files "$folder/files" "$folder/trail.txt" >/dev/null
claim "a trail in the database is exported and checked" "$verify" "$folder/trail.txt" --key "$folder/public.pem"
"$tenglong" run "${policy[@]}" --data "postgresql:///none?host=$folder" >/dev/null 2>"$folder/log.txt"
claim "a database that does not answer is told" says 连不上数据库 "$folder/log.txt"
