# Registers against the pack: laws over related records on any day, spans, and what a changed pack does to data.
set -u
cd "$(dirname "$0")/.."
. cases/claims.sh
tenglong=build/release/bin/tenglong
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
common=(--pack packs/dinghai-2021 --overlay packs/sample-overlay --data "$folder/data")
"$tenglong" district "${common[@]}" --firms 200 >/dev/null 2>&1
"$tenglong" check-data "${common[@]}" parcel parcel_use enterprise_name talk >"$folder/check.txt" 2>&1
claim "the sample keeps the laws over land, names and talks" "$tenglong" check-data "${common[@]}" parcel parcel_use enterprise_name talk
claim "it says how much it looked at" says '核对 ' "$folder/check.txt"

code=$("$tenglong" in-force parcel_use --on 2023-01-01 "${common[@]}" | head -1 | cut -f2)
cat >"$folder/多占.csv" <<CSV
宗地编号,使用单位代码,起用日期,止用日期,分摊面积（亩）
样例-ZD-1001,$code,2022-06-01,2022-07-31,9999
CSV
"$tenglong" import "${common[@]}" --register parcel_use --provider 市资源规划局定海分局 --accept-unusual "$folder/多占.csv" >/dev/null 2>&1
"$tenglong" check-data "${common[@]}" parcel >"$folder/check.txt" 2>&1
claim "a parcel that is shared out beyond its area is told" says E-LAWS-108 "$folder/check.txt"
claim "with the days on which it is so" says '在 2022-06-01 至 2022-07-31' "$folder/check.txt"
claim "the record and the file it came from" says '多占.csv' "$folder/check.txt"
claim "and it is an error" refused "$tenglong" check-data "${common[@]}" parcel
claim "a span is in force on its last day" [ "$("$tenglong" in-force parcel_use --on 2022-07-31 "${common[@]}" | grep -c 9999)" = 1 ]
claim "and not on the day after" [ "$("$tenglong" in-force parcel_use --on 2022-08-01 "${common[@]}" | grep -c 9999)" = 0 ]

cat >"$folder/宗地.csv" <<CSV
宗地编号,宗地面积（亩）,出让价款（万元）,权证号,权证扫描件,宗地范围
样例-ZD-9001,3,1.123456789,浙舟权0001,扫描件.pdf,
样例-ZD-9002,3,5,,,POLYGON((122.1 30.0
CSV
"$tenglong" import "${common[@]}" --register parcel --provider 市资源规划局定海分局 "$folder/宗地.csv" >"$folder/parcels.txt" 2>&1
claim "an outline that is not closed is told at its cell" says E-INTAKE-231 "$folder/parcels.txt"
claim "a name is no attachment" says E-INTAKE-232 "$folder/parcels.txt"
claim "money finer than a 分 is told and taken" says W-INTAKE-233 "$folder/parcels.txt"

cat >"$folder/同证.csv" <<CSV
宗地编号,宗地面积（亩）,权证号
样例-ZD-9003,3,浙舟权0001
样例-ZD-9004,4,浙舟权0002
样例-ZD-9005,5,浙舟权0002
CSV
"$tenglong" import "${common[@]}" --register parcel --provider 市资源规划局定海分局 "$folder/同证.csv" >"$folder/deeds.txt" 2>&1
claim "two parcels of one deed are told, each at its cell" [ "$(grep -c 'C[34].*E-INTAKE-325' "$folder/deeds.txt")" = 2 ]
cat >"$folder/重占.csv" <<CSV
宗地编号,使用单位代码,起用日期,止用日期,分摊面积（亩）
样例-ZD-1001,$code,2022-07-31,2022-08-31,0.1
CSV
"$tenglong" import "${common[@]}" --register parcel_use --provider 市资源规划局定海分局 "$folder/重占.csv" >"$folder/overlap.txt" 2>&1
claim "a span that overlaps one that is held is told with that" says '多占.csv' "$folder/overlap.txt"
claim "and does not go in" says E-INTAKE-326 "$folder/overlap.txt"

printf 'never saved' >"$folder/白交.pdf"
"$tenglong" attachment "$folder/白交.pdf" "${common[@]}" --keep >"$folder/out.txt"
print=$(sed 's/^sm3:\([0-9a-f]*\).*/\1/' "$folder/out.txt")
claim "a file that nothing names is told" says "$print" <("$tenglong" attachments "${common[@]}")
claim "and taken away" "$tenglong" attachments "${common[@]}" --remove "$print"
"$tenglong" attachments "${common[@]}" --remove "$print" >/dev/null 2>"$folder/log.txt"
claim "once" says E-STORE-130 "$folder/log.txt"
claim "the verifier knows that it is gone" build/release/bin/tenglong-verify "$folder/data/tenglong.db"

cp -r packs "$folder/packs"
registers="$folder/packs/dinghai-2021/registers.md"
sed -i 's/id: staff, name: 年平均职工人数/id: headcount, was: staff, name: 年平均职工人数/' "$registers"
sed -i 's/id: electricity, name: 用电量, type: number, unit: 万千瓦时, min: 0, usual: \[2, 1500\]/id: electricity, name: 用电量, type: number, unit: 千瓦时, min: 0/' "$registers"
changed=(--pack "$folder/packs/dinghai-2021" --data "$folder/data")
"$tenglong" extract enterprise_year "${common[@]}" --period 2023 --fields 用电量,年平均职工人数 --to "$folder/before.csv" >/dev/null
"$tenglong" extract talk "${common[@]}" --to "$folder/talks.csv" >/dev/null 2>&1
"$tenglong" migrate "${changed[@]}" --from packs/dinghai-2021 >"$folder/migrate.txt" 2>&1
claim "a renamed field is said" says '改名为 headcount' "$folder/migrate.txt"
claim "a changed unit is said with its conversion" says '由万千瓦时改为千瓦时：读时乘 10000' "$folder/migrate.txt"
claim "and the records it touches" says '涉及 [1-9][0-9]* 条记录' "$folder/migrate.txt"
claim "it is done" "$tenglong" migrate "${changed[@]}" --from packs/dinghai-2021 --apply
"$tenglong" extract enterprise_year "${changed[@]}" --period 2023 --fields 用电量,年平均职工人数 --to "$folder/after.csv" >/dev/null
claim "what was stated before is read under the new name and unit" python3 - "$folder/before.csv" "$folder/after.csv" <<'PY'
import csv, sys
from fractions import Fraction
a, b = (list(csv.reader(open(p, encoding="utf-8-sig"))) for p in sys.argv[1:3])
assert len(a) == len(b) > 10, (len(a), len(b))
for x, y in zip(a[1:], b[1:]):
    assert x[:2] == y[:2] and x[3] == y[3], (x, y)
    if x[2] not in ("", "缺报"):
        assert abs(Fraction(x[2]) * 10000 - Fraction(y[2])) < Fraction(1, 10**20), (x, y)
PY
"$tenglong" extract enterprise_year "${common[@]}" --to "$folder/x.csv" >"$folder/old.txt" 2>&1
claim "the old pack is refused until it is migrated back" says 'tenglong migrate' "$folder/old.txt"
"$tenglong" trail show "${changed[@]}" --last 200 >"$folder/trail.txt" 2>&1
claim "one event for the migration" [ "$(grep -c "change_setting setting schema.history" "$folder/trail.txt")" = 1 ]
sed -i 's/^id: talk$/id: interview\nwas: talk/' "$registers"
"$tenglong" migrate "${changed[@]}" --apply >"$folder/migrate.txt" 2>&1
claim "a renamed register is said" says '改名为“' "$folder/migrate.txt"
"$tenglong" trail show "${changed[@]}" --last 200 >"$folder/before.txt" 2>&1
"$tenglong" migrate "${changed[@]}" --apply >"$folder/migrate.txt" 2>&1
"$tenglong" trail show "${changed[@]}" --last 200 >"$folder/after.txt" 2>&1
claim "once more is no event" cmp "$folder/before.txt" "$folder/after.txt"
sed 's/^was: talk$//; s/^id: interview$/id: talk/' "$registers" >"$folder/registers.md"
cp -r "$folder/packs" "$folder/older"
mv "$folder/registers.md" "$folder/older/dinghai-2021/registers.md"
"$tenglong" list talk --pack "$folder/older/dinghai-2021" --data "$folder/data" >"$folder/old.txt" 2>&1
claim "a pack that is older than the data is refused, and says so" says '比数据旧' "$folder/old.txt"
"$tenglong" list parcel_use "${changed[@]}" --size 1 >"$folder/list.txt" 2>&1
claim "a key of several parts is shown with its parts apart" refused grep -q "$(printf '\037')" "$folder/list.txt"
"$tenglong" extract interview "${changed[@]}" --to "$folder/interviews.csv" >/dev/null 2>&1
claim "and is listed as it was" cmp "$folder/talks.csv" "$folder/interviews.csv"
claim "with all its records" [ "$(wc -l <"$folder/interviews.csv")" -gt 1 ]
sed -i 's/name: 综合能耗当量值, type: number, unit: 吨标准煤/name: 综合能耗当量值, type: number, unit: 人/' "$registers"
"$tenglong" migrate "${changed[@]}" --apply >"$folder/migrate.txt" 2>&1
claim "another dimension is refused with its cure" says '另立一个新字段' "$folder/migrate.txt"
