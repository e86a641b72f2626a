# 系统: units with their people, jobs with their results.
set -u
cd "$(dirname "$0")/.."
. cases/serving.sh
claim "a district of 60 enterprises" "$tenglong" district "${district[@]}" --firms 60 --seed 7 --quiet
serve sample "${district[@]}"
play system.mjs
stop_serving
