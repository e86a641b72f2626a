# One expression at the command line: values with units, reasons of a null, data from JSON.
set -u
cd "$(dirname "$0")/.."
. cases/claims.sh
tenglong=build/release/bin/tenglong
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/data.json" <<'JSON'
{
  "实缴税收": {"value": 120, "unit": "万元"},
  "用地面积": {"value": 12, "unit": "亩"},
  "空地": {"value": 0, "unit": "亩"},
  "登记日期": {"@": "date(\"2023-01-31\")"},
  "看似日期": "2023-01-31",
  "企业": {"镇街": "金塘"}
}
JSON
# expression, what it prints
gives() { [ "$("$tenglong" feel "$1" --context "$folder/data.json" 2>"$folder/told.txt")" = "$2" ]; }
# expression, exit code; what is told is in told.txt
ends() { "$tenglong" feel "$1" --context "$folder/data.json" >"$folder/value.txt" 2>"$folder/told.txt"; [ $? = "$2" ]; }
claim "a value has its unit" gives '实缴税收 / 用地面积' '10 万元/亩'
claim "decimals are exact" gives '0.1 + 0.2 = 0.3' true
claim "all 34 digits" gives '1/3' 0.3333333333333333333333333333333333
claim "a date comes as FEEL" gives '登记日期 + duration("P1M")' '@"2023-02-28"'
claim "a string is never taken for a date" gives '看似日期 instance of date' false
claim "members" gives '企业.镇街' '"金塘"'
claim "a null with a reason ends with 1" ends '1 + 实缴税收 / 空地' 1
claim "the reason" says '除数是 0' "$folder/told.txt"
claim "its place" says '        ^^^^^^^^^^^^^^^' "$folder/told.txt"
claim "and what became null with it" says '于是这里也是空' "$folder/told.txt"
claim "a null that was asked for ends with 0" ends null 0
claim "money and area are not added" ends '实缴税收 + 用地面积' 1
claim "and that is told" says E-FEEL-301 "$folder/told.txt"
claim "without a number" [ ! -s "$folder/value.txt" ]
claim "a near name is offered" ends '用地面职 * 2' 1
claim "by its spelling" says 用地面积 "$folder/told.txt"
claim "endless work ends" ends 'count(for i in 1..1000000000 return i)' 1
claim "and says so" says E-FEEL-401 "$folder/told.txt"
printf '{\n  "a": 1,\n}\n' >"$folder/wrong.json"
claim "wrong JSON is refused" refused "$tenglong" feel a --context "$folder/wrong.json"
"$tenglong" feel a --context "$folder/wrong.json" >/dev/null 2>"$folder/told.txt"
claim "with line and column" says 'wrong.json:3:1: 错误 E-FEEL-501' "$folder/told.txt"
claim "and nothing else" refused says E-FEEL-104 "$folder/told.txt"
"$tenglong" feel a --context "$folder/none.json" >/dev/null 2>&1
claim "a file that is not there is a matter of usage" [ $? = 2 ]
"$tenglong" feel '实缴税收 / 用地面积' --context "$folder/data.json" --types >"$folder/types.txt"
claim "the inferred type on request" says '类型：数（万元/亩）' "$folder/types.txt"
TENGLONG_LANG=en "$tenglong" feel '1 / 0' >/dev/null 2>"$folder/told.txt"
claim "English on request" says 'Division by zero' "$folder/told.txt"
claim "as data too" [ "$("$tenglong" feel '2 ** 10' --json | grep -o '"value":"1024"')" = '"value":"1024"' ]
claim "the present is what one says it is" [ "$("$tenglong" feel 'today()' --now 2023-12-31T08:30:00+08:00)" = '@"2023-12-31"' ]
claim "from standard input" [ "$(echo '1 + 1' | "$tenglong" feel -)" = 2 ]
