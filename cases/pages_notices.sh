# 通知: chosen of a list, seen before, sent, found by whom it is for, read.
set -u
cd "$(dirname "$0")/.."
. cases/serving.sh
claim "a district of 300 enterprises" "$tenglong" district "${district[@]}" --firms 300 --seed 7 --quiet
serve sample "${district[@]}"
play notices.mjs
stop_serving
