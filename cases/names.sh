# A sheet with names and no codes: sure ones are taken, doubtful ones asked once and remembered.
set -u
cd "$(dirname "$0")/.."
. cases/claims.sh
tenglong=build/release/bin/tenglong
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
common=(--pack packs/dinghai-2021 --data "$(place "$folder/data")")
cat >"$folder/企业.csv" <<'CSV'
统一社会信用代码,企业名称,镇街
91330902684307791B,舟山海龙机械有限公司,金塘镇
91330902MA2A2K5J1K,浙江远洋水产加工有限公司,白泉镇
91330902MA2A2K5J2N,定海永兴食品厂,金塘镇
91330902MA2A2K5J3R,舟山永兴食品厂,白泉镇
CSV
"$tenglong" import "${common[@]}" --provider 市市场监管局定海分局 "$folder/企业.csv" >/dev/null 2>&1
cat >"$folder/2023年税收.csv" <<'CSV'
单位名称,实缴税收（万元）
舟山 海龙机械有限公司,120
远洋水产品加工有限公司,80
永兴食品,35
无名有限公司,5
CSV
import() { "$tenglong" import "${common[@]}" --sure-names 90 --provider 区税务局 "$@" >"$folder/out.txt" 2>"$folder/log.txt"; }
import "$folder/2023年税收.csv" --problems "$folder/problems"
claim "doubtful rows make the exit say so" [ $? = 1 ]
cat "$folder/out.txt" "$folder/log.txt" >"$folder/all.txt"
claim "it says that rows are found by their names" says N-INTAKE-328 "$folder/all.txt"
claim "the sure one is taken" says '1 行写入' "$folder/out.txt"
claim "and said" says N-INTAKE-329 "$folder/all.txt"
claim "the doubtful one is offered with its reasons" says '远洋水产品加工有限公司”认不准是谁，像是 浙江远洋水产加工有限公司' "$folder/all.txt"
claim "two that are equally alike are both offered" says '或 舟山永兴食品厂' "$folder/all.txt"
claim "nobody is told as nobody" says E-INTAKE-331 "$folder/all.txt"
claim "the sender's copy asks too" says 'tenglong\|认不准' "$folder/problems/2023年税收_问题.csv"
"$tenglong" identity decide 91330902MA2A2K5J1K "${common[@]}" --name 远洋水产品加工有限公司 --reason 电话核实 >/dev/null 2>&1
import "$folder/2023年税收.csv"
cat "$folder/out.txt" "$folder/log.txt" >"$folder/all.txt"
claim "the same file again takes what was decided" says '1 行写入，1 行无变化，2 行退回' "$folder/out.txt"
claim "and says by what" says '以前认定为 91330902MA2A2K5J1K' "$folder/all.txt"
"$tenglong" extract enterprise_year "${common[@]}" --period 2023 --fields 实缴税收 --to "$folder/held.csv" >/dev/null
claim "its tax is held under its code" says '91330902MA2A2K5J1K,2023,80' "$folder/held.csv"
"$tenglong" extract enterprise "${common[@]}" --to "$folder/firms.csv" >/dev/null
claim "nobody was renamed" says '91330902MA2A2K5J1K,浙江远洋水产加工有限公司' "$folder/firms.csv"
sed 's/,80/,90/' "$folder/2023年税收.csv" >"$folder/2024年税收.csv"
import "$folder/2024年税收.csv"
cat "$folder/out.txt" "$folder/log.txt" >"$folder/all.txt"
claim "next year nobody is asked again" says '2 行写入' "$folder/out.txt"
import "$folder/2023年税收.csv"
claim "the first file once more changes nothing" says "0 行写入" "$folder/out.txt"
