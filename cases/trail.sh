# Every change leaves an event; another program checks them; what was changed behind our back is named.
set -u
cd "$(dirname "$0")/.."
. cases/claims.sh
tenglong=build/release/bin/tenglong
verify=build/release/bin/tenglong-verify
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
common=(--pack packs/dinghai-2021 --overlay packs/sample-overlay --data "$folder/data")
"$tenglong" district "${common[@]}" --firms 100 >/dev/null 2>&1
"$tenglong" trail show "${common[@]}" --last 200 >"$folder/show.txt"
claim "imports and results left events" [ "$(grep -c import_batch "$folder/show.txt")" -ge 20 ]
claim "the untouched folder is clean" "$verify" "$folder/data/tenglong.db"
claim "without a key there is no export, and the cure is told" refused "$tenglong" trail export "${common[@]}" "$folder/a.txt"
"$tenglong" trail key "${common[@]}" >"$folder/public.pem" 2>/dev/null
claim "the secret key is for its owner alone" [ "$(stat -c %a "$folder/data/trail-key.pem")" = 600 ]
"$tenglong" trail export "${common[@]}" "$folder/a.txt" >/dev/null
claim "the export is clean" "$verify" "$folder/a.txt" --key "$folder/public.pem"
"$tenglong" run "${common[@]}" --period 2022 >/dev/null 2>&1
"$tenglong" trail export "${common[@]}" --from 11 "$folder/b.txt" >/dev/null
claim "a later part goes on from the earlier one" "$verify" "$folder/b.txt" --key "$folder/public.pem" --against "$folder/a.txt"
sed 's/^event 15 544c/event 15 544d/' "$folder/b.txt" >"$folder/c.txt"
"$verify" "$folder/c.txt" >"$folder/out.txt"
claim "a changed event is named" says '^event 15:' "$folder/out.txt"
cp "$folder/data/tenglong.db" "$folder/d.db"
cp "$folder/data/tenglong.db-wal" "$folder/d.db-wal" 2>/dev/null

sqlite3 "$folder/d.db" "update batch set provider = '别处' where id = 3"
"$verify" "$folder/d.db" >"$folder/out.txt"
claim "a batch changed behind our back is named" says '^batch 3:' "$folder/out.txt"
claim "what is no trail is refused" refused "$verify" README.md
