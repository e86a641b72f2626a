# The whole program, killed at any moment of an import; the same command again ends as if nothing had happened.
set -u
cd "$(dirname "$0")/.."
. cases/claims.sh
tenglong=build/release/bin/tenglong
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
policy=(--pack packs/dinghai-2021 --overlay packs/sample-overlay --quiet)
"$tenglong" sample "${policy[@]}" --firms 1500 --seed 3 --to "$folder/sample" >/dev/null 2>&1
file=$(ls "$folder"/sample/*区税务局_2023*.xlsx | head -1)
import() { exec "$tenglong" import "${policy[@]}" --data "$1" --provider 区税务局 "$file" >/dev/null 2>&1; }
(import "$folder/whole")
whole=$("$tenglong" store info "${policy[@]}" --data "$folder/whole" | grep -E '^ +(batch|statement) ' | awk '{print $1, $2}')
claim "an import that nobody stops" [ -n "$whole" ]
kills=${TENGLONG_LONG:+200}
wrong=0 cut=0
for i in $(seq "${kills:-12}"); do
  data="$folder/$i"
  (import "$data") &
  sleep "0.$(printf '%03d' $((i * 37 % 400)))"
  kill -9 $! 2>/dev/null && cut=$((cut + 1))
  wait $! 2>/dev/null
  (import "$data")
  now=$("$tenglong" store info "${policy[@]}" --data "$data" | grep -E '^ +(batch|statement) ' | awk '{print $1, $2}')
  [ "$now" = "$whole" ] || wrong=$((wrong + 1))
  build/release/bin/tenglong-verify "$data/tenglong.db" >/dev/null || wrong=$((wrong + 1))
  rm -rf "$data"
done
claim "$cut imports were killed, each ended as the whole one does when it was run again" [ "$wrong" = 0 ]
claim "some were killed before they had ended" [ "$cut" -gt 0 ]
