# Lists of the sample district by several accounts: what each sees, what is hidden, what is refused; accounts from a sheet.
set -u
cd "$(dirname "$0")/.."
. cases/claims.sh
tenglong=build/release/bin/tenglong
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
common=(--pack packs/dinghai-2021 --overlay packs/sample-overlay --data "$folder/data" --quiet)
"$tenglong" district "${common[@]}" --firms 300 >/dev/null 2>&1
list() { "$tenglong" list "$@" "${common[@]}" >"$folder/out.txt" 2>"$folder/log.txt"; }

list enterprise_year --period 2023 --where '用地面积 > 3' --sort=-用地面积 --fields 用地面积 --size 5 --sum 用地面积
claim "a page has its rows and the header" [ "$(grep -c 2023 "$folder/out.txt")" = 5 ]
claim "the exact count is said, with what is not known" says '因缺数判断不了' "$folder/out.txt"
claim "the sum is said with its unit" says '合计 用地面积' "$folder/out.txt"
count=$(sed -n 's/^共 \([0-9]*\) 条.*/\1/p' "$folder/out.txt")
"$tenglong" extract enterprise_year "${common[@]}" --period 2023 --where '用地面积 > 3' --to "$folder/all.csv" >/dev/null
claim "the list counts what the export writes" [ "$count" = "$(($(wc -l <"$folder/all.csv") - 1))" ]
claim "the columns are what the statements say" "$tenglong" rebuild-held "${common[@]}"

"$tenglong" accounts template "$folder/t.xlsx" "${common[@]}" >/dev/null
claim "there is a sheet to fill in" [ -s "$folder/t.xlsx" ]
town=$("$tenglong" list enterprise "${common[@]}" --json --size 1 --fields 镇街 | sed -n 's/.*"value":"\([0-9]*\)".*/\1/p')
cat >"$folder/wrong.csv" <<CSV
账号,姓名,单位,角色,镇街,企业,停用
zhou,样例周,样例镇街办,镇街经办员,$town,,
zhou,样例周,样例镇街办,镇街经办人,没有的镇,123,也许
san,样例三,样例局,系统管理员、安全审计员,,,
CSV
"$tenglong" accounts import "$folder/wrong.csv" "${common[@]}" 2>"$folder/log.txt"
for code in E-ACCOUNT-104 E-ACCOUNT-105 E-ACCOUNT-106 E-ACCOUNT-107 E-ACCOUNT-108 E-ACCESS-202; do
  claim "a wrong sheet tells $code with the others" says "$code" "$folder/log.txt"
done
cat >"$folder/good.csv" <<CSV
账号,姓名,单位,角色,镇街,企业,停用
zhou,样例周,样例镇街办,镇街经办人,$town,,
xt,样例系统,样例中心,系统管理员,,,
wai,样例外,样例银行,外单位,,,
CSV
claim "a good sheet is kept" "$tenglong" accounts import "$folder/good.csv" "${common[@]}"
list enterprise --size 1000 --as zhou
claim "a town sees its own enterprises" [ "$(grep -c "$town" "$folder/out.txt")" -gt 0 ]
claim "and no others" [ "$(grep -cE '^[0-9A-Z]{18}' "$folder/out.txt")" = "$(grep -c "$town" "$folder/out.txt")" ]
claim "an account that is not there sees nothing" refused "$tenglong" list enterprise "${common[@]}" --as nobody
list enterprise --as wai
claim "an outsider is told nothing is there" says '没有这一项' "$folder/log.txt"
list no_such --as wai
claim "the same of what is not there" says '没有这一项' "$folder/log.txt"
sed 's/镇街经办人/镇街经办人、专班分析员/' "$folder/good.csv" >"$folder/more.csv"
"$tenglong" accounts import "$folder/more.csv" "${common[@]}" --as xt 2>"$folder/log.txt"
claim "who keeps accounts grants no roles" says E-ACCESS-203 "$folder/log.txt"
"$tenglong" access why 锁定年度 "${common[@]}" --as zhou >"$folder/out.txt"
claim "why not, and who could" says '可以请' "$folder/out.txt"
name=$("$tenglong" list enterprise "${common[@]}" --json --size 1 --fields 企业名称 | sed -n 's/.*"value":"\([^"]*\)".*/\1/p')
claim "an enterprise is found by its name" says "$name" <("$tenglong" search "$name" "${common[@]}")
claim "the trail holds with all that" says keep_accounts <("$tenglong" trail show "${common[@]}")
