# Out, through a spreadsheet program that people use, and back in: nothing changes. LibreOffice opens what was
# exported, saves it as its own .xlsx (and, from .csv, as .xlsx and .csv), and that is imported.
set -u
cd "$(dirname "$0")/.."
. cases/claims.sh
tenglong=build/release/bin/tenglong
if ! command -v soffice >/dev/null; then
  printf 'not ok there is no LibreOffice here; ./dev test --long installs it\n'
  exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
common=(--pack packs/dinghai-2021 --overlay packs/sample-overlay)
office() { soffice "-env:UserInstallation=file://$folder/profile" --headless --norestore "$@" >>"$folder/office.txt" 2>&1; }
"$tenglong" district "${common[@]}" --data "$folder/data" --firms 200 >/dev/null 2>&1
# What a spreadsheet program likes to mend: leading zeros, long numbers, what looks like a date, a formula or a percentage.
cat >"$folder/曾.csv" <<'CSV'
更名企业代码,登记名称,名称起用日期,名称停用日期
CODE1,0012345,1951-01-01,1951-12-31
CODE1,123456789012345678901,1952-01-01,1952-12-31
CODE1,1-2,1953-01-01,1953-12-31
CODE1,'=1+1,1954-01-01,1954-12-31
CODE1,'+SUM(A1),1955-01-01,1955-12-31
CODE1,3%,1956-01-01,1956-12-31
CODE1,1E5,1957-01-01,1957-12-31
CODE1,TRUE,1958-01-01,1958-12-31
CODE1,2020年3月,1959-01-01,1959-12-31
CODE1,𠮷祥"甲"厂,1960-01-01,1960-12-31
CSV
code=$("$tenglong" extract enterprise "${common[@]}" --data "$folder/data" --to "$folder/e.csv" >/dev/null && sed -n 2p "$folder/e.csv" | cut -d, -f1)
sed -i "s/CODE1/$code/" "$folder/曾.csv"
"$tenglong" import "${common[@]}" --data "$folder/data" --register enterprise_name --provider 市市场监管局定海分局 "$folder/曾.csv" >"$folder/out.txt" 2>&1
claim "the awkward names are in" says '10 行写入' "$folder/out.txt"
registers=$(sed -n '/^```yaml register/,/^```/s/^id: *//p' packs/dinghai-2021/registers.md)
mkdir "$folder/ours" "$folder/theirs" "$folder/theirs_csv" "$folder/again"
for register in $registers; do
  "$tenglong" extract "$register" "${common[@]}" --data "$folder/data" --to "$folder/ours/$register.xlsx" >/dev/null
  "$tenglong" extract "$register" "${common[@]}" --data "$folder/data" --to "$folder/ours/$register.csv" >/dev/null
done
claim "LibreOffice opens and saves them all" office --convert-to xlsx:"Calc MS Excel 2007 XML" --outdir "$folder/theirs" "$folder"/ours/*.xlsx
# Codes stay text only if the program is told that the columns are text: so is everybody who opens a .csv.
claim "and writes its own .csv of each" office --convert-to csv:"Text - txt - csv (StarCalc)":44,34,76,1,,0,false,true,false --outdir "$folder/theirs_csv" "$folder"/theirs/*.xlsx
cells=0 changed=0
for register in $registers; do
  for kind in xlsx csv; do
    file=$folder/theirs/$register.xlsx
    [ "$kind" = xlsx ] || file=$folder/theirs_csv/$register.csv
    [ -f "$file" ] || { claim "$register came back as .$kind" false; continue; }
    "$tenglong" import "${common[@]}" --data "$folder/$kind" --register "$register" --provider 导回 --document 样例 --accept-unusual "$file" >"$folder/$register.$kind.txt" 2>&1
    "$tenglong" extract "$register" "${common[@]}" --data "$folder/$kind" --to "$folder/again/$register.$kind.csv" >/dev/null 2>&1
    claim "$register through LibreOffice's .$kind and back is the same" cmp "$folder/ours/$register.csv" "$folder/again/$register.$kind.csv"
    cmp -s "$folder/ours/$register.csv" "$folder/again/$register.$kind.csv" || changed=$((changed + 1))
    cells=$((cells + $(tr -cd ',\n' <"$folder/ours/$register.csv" | wc -c)))
  done
done
claim "$cells cells there and back, $changed files changed" [ "$changed" = 0 ]
