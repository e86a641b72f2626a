# 系统: units with their people, jobs with their results.
set -u
cd "$(dirname "$0")/.."
. cases/serving.sh
claim "a district of 60 enterprises" "$tenglong" district "${district[@]}" --firms 60 --seed 7 --quiet
printf 'handed in, never saved.\n' >"$folder/白交.pdf"
claim "a file that nothing names" "$tenglong" attachment "$folder/白交.pdf" "${district[@]}" --keep
serve sample "${district[@]}"
play system.mjs
stop_serving
claim "one event of it is in the trail" [ "$("$tenglong" trail show "${district[@]}" --last 200 2>&1 | grep -c remove_file)" = 1 ]
