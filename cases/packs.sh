# Every shipped pack is clean and its cases hold; wrong packs say where.
set -u
cd "$(dirname "$0")/.."
. cases/claims.sh
tenglong=build/release/bin/tenglong
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for pack in packs/dinghai-2021 packs/huangyan-2021 packs/huangyan-2022; do
  "$tenglong" check "$pack" >"$folder/check.txt" 2>&1
  claim "$pack is clean" [ $? = 0 ]
  read -r held broken < <(sed -nE 's/^案例：([0-9]+) 条相符，([0-9]+) 条不符$/\1 \2/p' "$folder/check.txt")
  claim "$pack has cases" [ "${held:-0}" -gt 0 ]
  for ((i = 0; i < ${held:-0}; ++i)); do printf 'ok %s: a case holds\n' "$pack"; done
  for ((i = 0; i < ${broken:-0}; ++i)); do printf 'not ok %s: a case differs\n' "$pack"; done
done
"$tenglong" check packs/dinghai-2021 --overlay packs/sample-overlay >"$folder/filled.txt" 2>&1
claim "the overlay fills every gap" says '缺口 0 处' "$folder/filled.txt"
cp -r packs "$folder/packs"
sed -i 's|^formula: 实缴税收 / 用地面积$|formula: 实缴税收 + 用地面职|' "$folder/packs/dinghai-2021/indicators.md"
claim "a wrong pack is refused" refused "$tenglong" check "$folder/packs/dinghai-2021"
"$tenglong" check "$folder/packs/dinghai-2021" >/dev/null 2>"$folder/wrong.txt"
claim "with its line and the near spelling" grep -qE 'indicators.md:[0-9]+:[0-9]+: 错误' "$folder/wrong.txt"
claim "and the near spelling" says 用地面积 "$folder/wrong.txt"
"$tenglong" check "$folder/none" >"$folder/none.txt" 2>&1
claim "no pack is told plainly" [ $? = 1 ]
"$tenglong" nonsense >/dev/null 2>&1
claim "a wrong command is a matter of usage" [ $? = 2 ]
for command in check import run explain roster target export sample district inspect feel serve; do
  claim "help of $command" "$tenglong" "$command" --help
done
"$tenglong" run --data "$folder/empty" >"$folder/empty.txt" 2>&1
claim "an empty data folder is told plainly" [ $? = 1 ]
claim "with what to do" says import "$folder/empty.txt"
