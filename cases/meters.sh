# Readings of meters: a file with a mistake is refused whole; what adds up becomes a figure with its source; the rest is named.
set -u
cd "$(dirname "$0")/.."
. cases/claims.sh
tenglong=build/release/bin/tenglong
verify=build/release/bin/tenglong-verify
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
common=(--pack packs/dinghai-2021 --data "$folder/data")
head=表号,统一社会信用代码,抄表时间,示数,倍率,启停
printf '%s\n001,91330902684307791B,昨天,1,,\n' "$head" >"$folder/坏.csv"
"$tenglong" meters import "${common[@]}" "$folder/坏.csv" >"$folder/out.txt" 2>"$folder/log.txt"
claim "a mistake is told" says E-METER-104 "$folder/log.txt"
"$tenglong" meters import "${common[@]}" --kind 煤气 "$folder/坏.csv" >/dev/null 2>"$folder/log.txt"
claim "a kind of meter that nothing adds up is refused" says E-METER-109 "$folder/log.txt"
printf '%s\n001,91330902684307791B,2023-01-01,100,80,\n001,91330902684307791B,2024-01-01,1350,80,\n002,9133090274855633R1,2023-01-01,10,,\n' "$head" >"$folder/抄表.csv"
claim "readings come in" "$tenglong" meters import "${common[@]}" "$folder/抄表.csv"
"$tenglong" meters import "${common[@]}" "$folder/抄表.csv" >"$folder/out.txt" 2>/dev/null
claim "twice is once" says '0 条写入，3 条已有' "$folder/out.txt"
printf '%s\n001,91330902684307791B,2024-01-01,1351,80,\n' "$head" >"$folder/另.csv"
"$tenglong" meters import "${common[@]}" "$folder/另.csv" >/dev/null 2>"$folder/log.txt"
claim "another reading of the same moment is refused" says E-METER-108 "$folder/log.txt"
printf '%s\n001,91330902684307791B,2024-06-01,1.4,80,,立方米\n' "$head,单位" >"$folder/单位.csv"
"$tenglong" meters import "${common[@]}" "$folder/单位.csv" >/dev/null 2>"$folder/log.txt"
claim "a reading in another unit is refused at its cell" says E-METER-110 "$folder/log.txt"
claim "told where" says G2 "$folder/log.txt"
"$tenglong" meters roll-up "${common[@]}" --period 2023 >"$folder/out.txt" 2>"$folder/log.txt"
claim "one enterprise has its figure" says '1 家出数' "$folder/out.txt"
claim "the other's gap is named" says W-METER-202 "$folder/log.txt"
"$tenglong" meters roll-up "${common[@]}" --period 2023 >"$folder/out.txt" 2>/dev/null
claim "the same roll-up is once" says 与上次相同 "$folder/out.txt"
"$tenglong" record enterprise_year 91330902684307791B "${common[@]}" >"$folder/record.txt" 2>&1
claim "(1350 - 100) x 80 kWh are 10 万千瓦时, from the meters" says 抄表汇总 "$folder/record.txt"
claim "the verifier finds nothing" "$verify" "$folder/data/tenglong.db"
