# What is written through the pages: a year's data from the first upload to the result that moves (J1), records by form, two who
# differ, corrections by two; then a register that only the pack knows.
set -u
cd "$(dirname "$0")/.."
. cases/serving.sh
claim "a district of 300 enterprises" "$tenglong" district "${district[@]}" --firms 300 --seed 7 --quiet
sent=$(find "$folder" -name "*区统计局_2023年统计.xlsx" | head -1)
# What people do to a workbook: a comma in a number, a word where yes or no belongs, a code cut short, an amount in words.
python3 tests/e2e/spoil.py "$sent" "$folder/统计.xlsx" E5=12,3a C6=大概 A7=91330902400000 F8=-5万
# The same mended; one enterprise's value added is another than before.
python3 tests/e2e/spoil.py "$sent" "$folder/统计_改.xlsx" E6=1000
# A header that is nobody's name for the key, and no names to go by.
python3 tests/e2e/spoil.py "$sent" "$folder/统计_表头.xlsx" A4=统一社会信用代号 B4=备注 E5=87
serve sample "${district[@]}"
play collection.mjs
play records.mjs
stop_serving
# A register that nobody has written a line of code for: only the pack knows it.
cp -r packs "$folder/packs"
cat >>"$folder/packs/dinghai-2021/registers.md" <<'PACK'

```yaml register
id: visit
name: 走访记录
key: [visited_code, visited_on]
event: {happened: visited_on}
fields:
  - {id: visited_code, name: 走访企业代码, type: reference, to: enterprise, required: true}
  - {id: visited_on, name: 走访日期, type: date, required: true}
  - {id: seen_staff, name: 在岗人数, type: number, unit: 人, min: 0}
  - {id: visit_unit, name: 走访单位, type: unit, codes: unit}
  - {id: has_problem, name: 有问题, type: boolean}
  - {id: problem, name: 问题说明, type: text, required_when: 有问题}
  - {id: record_file, name: 走访笔录, type: attachment}
```
PACK
more=(--pack "$folder/packs/dinghai-2021" --overlay "$folder/packs/sample-overlay" --data "$folder/more")
claim "a district whose pack has one register more" "$tenglong" district "${more[@]}" --firms 40 --seed 7 --quiet
serve more "${more[@]}"
play new-register.mjs
stop_serving
