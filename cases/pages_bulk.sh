# Many records at once: previewed, written with a result per row, withdrawn as a whole, printed as one document.
set -u
cd "$(dirname "$0")/.."
. cases/serving.sh
claim "a district of 300 enterprises" "$tenglong" district "${district[@]}" --firms 300 --seed 7 --quiet
serve sample "${district[@]}"
play bulk.mjs
stop_serving
