# Outside units: a bank sees the firms that consented and the batches meant for it, and nothing else; consent withdrawn
# ends sight at the next request; power, water, gas and statistics alike. Accounts come from a workbook and go back to one.
set -u
cd "$(dirname "$0")/.."
. cases/claims.sh
tenglong=build/release/bin/tenglong
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# The county's own lines beside the standard ones: what a firm consents to is its record, once it is confirmed.
cp -rL packs "$folder/packs"
cat >"$folder/packs/dinghai-2021/外单位.md" <<'PACK'
# 外单位看得到什么

```yaml access
id: access_outside
name: 外单位的权限
source: 缺省，待确认
roles:
  - {id: outside_unit, name: 外单位, outside: true}
```

| 角色 | 操作 | 关系 | 状态 | 字段 | 说明 |
|---|---|---|---|---|---|
| 外单位 | 看台账、查找、看历史 | 已授权企业 | 已确认、已锁定、已公布 | 内部 | 企业授权的才看得到 |
PACK
common=(--pack "$folder/packs/dinghai-2021" --overlay packs/sample-overlay --data "$folder/data" --quiet)
"$tenglong" district "${common[@]}" --firms 60 >"$folder/log.txt" 2>&1
"$tenglong" list enterprise "${common[@]}" --json --size 2 --fields 统一社会信用代码 >"$folder/two.json"
mapfile -t firms < <(grep -oE '[0-9A-HJ-NPQRTUWXY]{18}' "$folder/two.json" | awk '!seen[$0]++')
first=${firms[0]} second=${firms[1]}
units=(样例银行 样例供电公司 样例供水公司 样例燃气公司 区统计局)
{
  echo 账号,姓名,单位,角色,镇街,企业,停用
  for i in 0 1 2 3 4; do echo "unit$i,样例$i,${units[$i]},外单位,,,"; done
  echo "firm,样例联络,样例企业,企业联络员,,$first,"
} >"$folder/accounts.csv"
claim "accounts and units come from a sheet" "$tenglong" accounts import "$folder/accounts.csv" "${common[@]}"
"$tenglong" accounts export "$folder/back.xlsx" "${common[@]}" >/dev/null
python3 - "$folder/back.xlsx" >"$folder/back.txt" <<'PY'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as book:
    for name in book.namelist():
        if name.endswith('.xml'): print(book.read(name).decode('utf-8', 'replace'))
PY
claim "they go back to a workbook with their roles by name" says 外单位 "$folder/back.txt"
claim "and not by id" refused grep -q outside_unit "$folder/back.txt"
claim "which comes in again" "$tenglong" accounts import "$folder/back.xlsx" "${common[@]}"
"$tenglong" state enterprise --set 已确认 "${common[@]}" >/dev/null
seen() { "$tenglong" list enterprise "${common[@]}" --size 100 --as "$1" >"$folder/seen.txt" 2>"$folder/log.txt"; }
for i in 0 1 2 3 4; do
  who=unit$i unit=${units[$i]}
  seen "$who"
  claim "$unit sees no firm before consent" [ "$(grep -cE '^[0-9A-Z]{18}' "$folder/seen.txt")" = 0 ]
  claim "$unit: a firm gives its own consent" "$tenglong" consent give "$first" "$unit" "${common[@]}" --as firm
  claim "$unit: not another's" refused "$tenglong" consent give "$second" "$unit" "${common[@]}" --as firm
  seen "$who"
  claim "$unit sees the one that consented, and no other" [ "$(grep -oE '^[0-9A-Z]{18}' "$folder/seen.txt")" = "$first" ]
  claim "$unit finds it" says "$first" <("$tenglong" search "$first" "${common[@]}" --as "$who")
  claim "$unit finds no other" refused grep -q "$second" <("$tenglong" search "$second" "${common[@]}" --as "$who")
  "$tenglong" record enterprise "$second" "${common[@]}" --as "$who" >"$folder/record.txt" 2>&1
  claim "$unit is told nothing of another's record" refused grep -q "样例" "$folder/record.txt"
  "$tenglong" list enterprise_year "${common[@]}" --as "$who" >"$folder/seen.txt" 2>"$folder/log.txt"
  claim "$unit: a year that is a draft is not there" refused grep -qE '^[0-9A-Z]{18}' "$folder/seen.txt"
  claim "$unit: the firm withdraws" "$tenglong" consent withdraw "$first" "$unit" "${common[@]}" --as firm
  seen "$who"
  claim "$unit sees nothing at the next request" [ "$(grep -cE '^[0-9A-Z]{18}' "$folder/seen.txt")" = 0 ]
done
claim "the trail tells of each consent" [ "$("$tenglong" trail show "${common[@]}" --last 100 | grep -c give_consent)" = 5 ]
claim "and each withdrawal" [ "$("$tenglong" trail show "${common[@]}" --last 100 | grep -c withdraw_consent)" = 5 ]
