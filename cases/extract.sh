# Every register of the sample district goes out and comes back: nothing changes. Filters, templates, mistakes.
set -u
cd "$(dirname "$0")/.."
. cases/claims.sh
tenglong=build/release/bin/tenglong
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
common=(--pack packs/dinghai-2021 --overlay packs/sample-overlay)
"$tenglong" district "${common[@]}" --data "$folder/data" --firms 300 >/dev/null 2>&1
registers=$(sed -n '/^```yaml register/,/^```/s/^id: *//p' packs/dinghai-2021/registers.md)
mkdir "$folder/out" "$folder/again"
for register in $registers; do
  "$tenglong" extract "$register" "${common[@]}" --data "$folder/data" --to "$folder/out/$register.xlsx" >/dev/null
  "$tenglong" extract "$register" "${common[@]}" --data "$folder/data" --to "$folder/out/$register.csv" >/dev/null
  "$tenglong" import "${common[@]}" --data "$folder/data2" --provider 导回 --document 样例 --accept-unusual "$folder/out/$register.xlsx" >/dev/null 2>&1
done
for register in $registers; do
  "$tenglong" extract "$register" "${common[@]}" --data "$folder/data2" --to "$folder/again/$register.csv" >/dev/null
  claim "$register out of .xlsx and back is the same" cmp "$folder/out/$register.csv" "$folder/again/$register.csv"
done
"$tenglong" extract enterprise_year "${common[@]}" --data "$folder/data" --period 2023 --where '规上 = true and 用地面积 > 3' --fields 用地面积,规上 --to "$folder/some.csv" >"$folder/out.txt"
claim "the filter says what it left out and what it could not tell" says '因缺数判断不了' "$folder/out.txt"
claim "only the fields asked for, keys first" [ "$(head -1 "$folder/some.csv" | tr -d '\r' | sed 's/^\xef\xbb\xbf//')" = '统一社会信用代码,年度,用地面积（亩）,规上' ]
claim "what is computed is there and says that it does not read back" says '出让单价（万元/亩）（只读）' "$folder/out/parcel.csv"
"$tenglong" extract enterprise_year "${common[@]}" --data "$folder/data" --period 2023 --where '用地面积 > 3' --fields 用地面积 --sort=-用地面积 --to "$folder/sorted.csv" >/dev/null
claim "in the order asked for" cmp <(tail -n +2 "$folder/sorted.csv" | cut -d, -f3 | tr -d '\r') <(tail -n +2 "$folder/sorted.csv" | cut -d, -f3 | tr -d '\r' | sort -t, -k1,1 -grs)
claim "every row holds what was asked" [ "$(tail -n +2 "$folder/some.csv" | tr -d '\r' | awk -F, '$2!=2023 || $3<=3 || $4!="是"' | wc -l)" = 0 ]
claim "the sample's mark is on it" says '样例数据' <(unzip -p "$folder/out/enterprise.xlsx" xl/worksheets/sheet1.xml)
claim "a template has drop-downs" "$tenglong" extract enterprise_year "${common[@]}" --data "$folder/data" --template --to "$folder/t.xlsx"
claim "in the file" says dataValidation <(unzip -p "$folder/t.xlsx" xl/worksheets/sheet1.xml)
"$tenglong" extract enterprise_yaer "${common[@]}" --data "$folder/data" 2>"$folder/log.txt"
claim "a misspelt register is told with a near one" says enterprise_year "$folder/log.txt"
"$tenglong" extract enterprise_year "${common[@]}" --data "$folder/data" --where '用地面积' --to "$folder/x.csv" 2>"$folder/log.txt"
claim "a filter that is no condition is told" says E-LIST "$folder/log.txt"
"$tenglong" extract enterprise_year "${common[@]}" --data "$folder/data" --fields 用地面职 --to "$folder/x.csv" 2>"$folder/log.txt"
claim "a misspelt field is told" says E-LIST-103 "$folder/log.txt"
"$tenglong" extract enterprise_year "${common[@]}" --data "$folder/data" --to "$folder/x.txt" 2>"$folder/log.txt"
claim "another suffix is told" says E-EXTRACT-104 "$folder/log.txt"
claim "no file is left by a mistake" [ ! -e "$folder/x.csv" ]
claim "a folder that is not there is told" refused "$tenglong" extract enterprise "${common[@]}" --data "$folder/data" --to "$folder/no/x.xlsx"
