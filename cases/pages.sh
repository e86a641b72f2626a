# The web application in a real browser on a small district: every screen, then the journeys.
set -u
cd "$(dirname "$0")/.."
. cases/serving.sh
claim "a district of 300 enterprises" "$tenglong" district "${district[@]}" --firms 300 --seed 7 --quiet
serve sample "${district[@]}"
play pages.mjs
play journeys.mjs
play door.mjs
stop_serving
# A district of one's own, with nothing in it and nobody to sign in.
mkdir "$folder/own"
serve own --pack packs/dinghai-2021 --data "$folder/own"
claim "a district of one's own says that it has no accounts" grep -q 三员 "$folder/own.txt"
play first-run.mjs
stop_serving
