# The bars of the page in a real browser over a district of 2,000 enterprises: the first page cold, and from a move of a slider
# to the figures painted.
set -u
cd "$(dirname "$0")/../.."
. cases/serving.sh
"$tenglong" district "${district[@]}" --firms 2000 --seed 2021 --quiet >/dev/null
serve sample "${district[@]}" >/dev/null
"$node" bench/page/page.mjs
