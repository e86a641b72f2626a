# Real files and wrong files: csv in GB18030, units, faults told at once, the same file twice, a firm exactly on the line.
set -u
cd "$(dirname "$0")/.."
. cases/claims.sh
tenglong=build/release/bin/tenglong
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
common=(--pack packs/dinghai-2021 --data "$(place "$folder/data")")
cat >"$folder/企业.csv" <<'CSV'
统一社会信用代码,企业名称,镇街,行业
91330902684307791B,样例甲有限公司,金塘,3523
9133090274855633R,样例乙有限公司,白泉镇,3731
9.13309E+17,样例丙有限公司,岑港街道,1361
CSV
"$tenglong" import "${common[@]}" --provider 市市场监管局定海分局 "$folder/企业.csv" --problems "$folder/problems" >"$folder/out.txt" 2>"$folder/log.txt"
claim "wrong rows make the exit say so" [ $? = 1 ]
claim "the right row went in" says '1 行写入' "$folder/out.txt"
claim "both wrong codes are told at once" [ "$(grep -c '错误' "$folder/log.txt")" -ge 2 ]
claim "the sender's copy has a column of problems" says 问题 "$folder/problems/企业_问题.csv"
"$tenglong" import "${common[@]}" --provider 市市场监管局定海分局 "$folder/企业.csv" >"$folder/out.txt" 2>/dev/null
claim "the same file twice is once" says 已经导入过 "$folder/out.txt"
printf '2023年税收\n社会信用代码,入库税金（元）\n91330902684307791B,500000\n' | iconv -f utf-8 -t gb18030 >"$folder/2023年税收.csv"
"$tenglong" import "${common[@]}" --provider 区税务局 "$folder/2023年税收.csv" >"$folder/out.txt" 2>"$folder/log.txt"
claim "GB18030 and 元 are read" says '1 行写入' "$folder/out.txt"
printf '统一社会信用代码,用地面积（亩）,规上,工业增加值（万元）\n91330902684307791B,10,是,1200\n' >"$folder/2023年用地.csv"
"$tenglong" import "${common[@]}" --provider 市资源规划局定海分局 "$folder/2023年用地.csv" >/dev/null 2>&1
"$tenglong" explain "${common[@]}" 91330902684307791B --indicator 亩均税收 --period 2023 >"$folder/line.txt"
claim "tax per mu is exactly 5" says '= 5 万元/亩' "$folder/line.txt"
"$tenglong" roster "${common[@]}" low_efficiency --period 2023 --json >"$folder/roster.txt"
claim "exactly on the line is on the list" says '"place":"入列"' "$folder/roster.txt"
printf 'not a workbook' >"$folder/坏.xlsx"
"$tenglong" import "${common[@]}" "$folder/坏.xlsx" >/dev/null 2>"$folder/log.txt"
claim "a file that is none is refused" [ $? = 1 ]
claim "with a cure" says 建议 "$folder/log.txt"
claim "a missing file is told" refused "$tenglong" import "${common[@]}" /no/such.xlsx
"$tenglong" import "${common[@]}" --provider 区税务曲 "$folder/2023年税收.csv" >/dev/null 2>"$folder/log.txt"
claim "a unit whose name is misspelt is asked about, and nothing is read" [ $? = 2 ]
claim "with the unit that was meant" grep -q '是不是“区税务局”' "$folder/log.txt"
"$tenglong" import "${common[@]}" --provider 区税务曲 --new-provider --dry-run "$folder/2023年税收.csv" >/dev/null 2>&1
claim "unless it is said to be another" [ $? != 2 ]
"$tenglong" import "${common[@]}" --provider 区税务局 --dry-run "$folder/2023年用地.csv" >"$folder/out.txt" 2>/dev/null
claim "a trial keeps nothing" says 试读 "$folder/out.txt"
