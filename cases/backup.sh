# A backup while others write, a restore that is the same, a drill that proves it; a backup that was touched is refused.
set -u
cd "$(dirname "$0")/.."
. cases/claims.sh
tenglong=build/release/bin/tenglong
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder" 2>/dev/null; rm -rf "$folder"' EXIT
policy=(--pack packs/dinghai-2021 --overlay packs/sample-overlay --quiet)
live=("${policy[@]}" --data "$folder/data")
"$tenglong" district "${live[@]}" --firms 60 >/dev/null 2>&1
"$tenglong" store info "${live[@]}" >"$folder/before.txt"
claim "a backup is made" "$tenglong" backup "${live[@]}" --to "$folder/backups"
first=$(ls -d "$folder"/backups/2* | head -1)
claim "with a manifest" says '^TENGLONG-BACKUP 1' "$first/清单.txt"
claim "the same second is told, not overwritten" [ -d "$first" ]
claim "a restore into an empty place" "$tenglong" restore "${policy[@]}" --from "$first" --to "$folder/again"
"$tenglong" store info "${policy[@]}" --data "$folder/again" >"$folder/after.txt"
claim "is the same by its fingerprint" [ "$(tail -1 "$folder/before.txt")" = "$(tail -1 "$folder/after.txt")" ]
claim "a place that holds something is not restored over" refused "$tenglong" restore "${policy[@]}" --from "$first" --to "$folder/data"
"$tenglong" drill "${policy[@]}" --from "$first" >"$folder/drill.txt" 2>&1
claim "the drill holds" says 演练通过 "$folder/drill.txt"
claim "it verified the trail with the other program" says 另一个程序核对无误 "$folder/drill.txt"
claim "and ran the evaluation again to the same fingerprint" says 与当时一致 "$folder/drill.txt"

cp -r "$first" "$folder/touched"
printf 'x' | dd of="$folder/touched/tenglong.db" bs=1 seek=5000 conv=notrunc 2>/dev/null
"$tenglong" drill "${policy[@]}" --from "$folder/touched" >"$folder/said.txt" 2>&1
claim "a backup with one byte changed is refused" says E-STORE-113 "$folder/said.txt"
cp -r "$first" "$folder/relisted"
sed -i 's/^trail [0-9]*/trail 1/' "$folder/relisted/清单.txt"
"$tenglong" restore "${policy[@]}" --from "$folder/relisted" --to "$folder/x" >"$folder/said.txt" 2>&1
claim "a manifest that was changed is refused" says E-STORE-112 "$folder/said.txt"
"$tenglong" restore "${policy[@]}" --from "$folder" --to "$folder/x" >"$folder/said.txt" 2>&1
claim "a folder that is no backup is told" says E-STORE-112 "$folder/said.txt"

sleep 1
(
  trap '' XFSZ
  ulimit -f 200
  "$tenglong" backup "${live[@]}" --to "$folder/backups"
) >"$folder/said.txt" 2>&1
claim "a disk without room is told" [ $? != 0 ]
claim "and leaves the backup that was there, and no half one" [ "$(ls -A "$folder/backups" | wc -l)" = 1 ]
sleep 1
claim "keeping one removes the older only after the newer is read back" "$tenglong" backup "${live[@]}" --to "$folder/backups" --keep 1
claim "one is left" [ "$(ls -A "$folder/backups" | wc -l)" = 1 ]
claim "and it is the newer" [ ! -e "$first" ]
claim "which drills" "$tenglong" drill "${policy[@]}" --from "$(ls -d "$folder"/backups/2*)"
