# Lists alike everywhere: rankings and 清单 ordered, filtered, counted, copied, taken as files, chosen for many at once.
set -u
cd "$(dirname "$0")/.."
. cases/serving.sh
claim "a district of 300 enterprises" "$tenglong" district "${district[@]}" --firms 300 --seed 7 --quiet
serve sample "${district[@]}"
play ranked.mjs
play dense.mjs
play ranked-bulk.mjs
stop_serving
