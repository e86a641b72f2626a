# What is handed to a meeting: 通报 and the one page; what-ifs kept under a name (政策模拟), compared, run again after the data has moved.
set -u
cd "$(dirname "$0")/.."
. cases/serving.sh
claim "a district of 300 enterprises" "$tenglong" district "${district[@]}" --firms 300 --seed 7 --quiet
serve sample "${district[@]}"
play simulations.mjs
play report.mjs
stop_serving
