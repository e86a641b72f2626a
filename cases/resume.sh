# A large import that is killed: nothing half is left, and the same command again ends with the same registers.
set -u
cd "$(dirname "$0")/.."
. cases/claims.sh
tenglong=build/release/bin/tenglong
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
common=(--pack packs/dinghai-2021)
# 60,000 rows; the check character of a credit code is not what is tried here, so the codes are their own.
{
  printf '宗地编号,宗地面积（亩）,供地日期\n'
  seq 1 60000 | awk '{printf "样例地块%06d,%d.%d,2021-03-%02d\n", $1, $1 % 90 + 1, $1 % 10, $1 % 28 + 1}'
} >"$folder/宗地.csv"
parcels=(--provider 市资源规划局定海分局 "$folder/宗地.csv")
"$tenglong" import "${common[@]}" --data "$folder/whole" "${parcels[@]}" >"$folder/whole.txt" 2>/dev/null
claim "the whole file goes in" says '60000 行写入' "$folder/whole.txt"
"$tenglong" extract parcel "${common[@]}" --data "$folder/whole" --to "$folder/whole.csv" >/dev/null
for wait in 0.02 0.05 0.1 0.2 0.4 0.8; do
  "$tenglong" import "${common[@]}" --data "$folder/killed" "${parcels[@]}" >/dev/null 2>&1 &
  sleep "$wait"
  kill -9 $! 2>/dev/null
  wait $! 2>/dev/null
done
"$tenglong" import "${common[@]}" --data "$folder/killed" "${parcels[@]}" >"$folder/again.txt" 2>/dev/null
claim "after kills the same command finishes, or finds it done" grep -qE '60000 行写入|已经导入过' "$folder/again.txt"
"$tenglong" extract parcel "${common[@]}" --data "$folder/killed" --to "$folder/killed.csv" >/dev/null
claim "and the register is the same" cmp "$folder/whole.csv" "$folder/killed.csv"
claim "nothing is in twice" [ "$("$tenglong" trail show "${common[@]}" --data "$folder/killed" --last 50 2>/dev/null | grep -c import_batch)" = 1 ]
"$tenglong" import "${common[@]}" --data "$folder/killed" "${parcels[@]}" >"$folder/again.txt" 2>/dev/null
claim "once more is not again" says 已经导入过 "$folder/again.txt"
# The header of the next year is not this year's: told before a row is read, asked once.
printf '宗地编号,宗地面积（平方米）,供地的日期\n样例地块000001,2000,2021-03-02\n' >"$folder/宗地2.csv"
"$tenglong" import "${common[@]}" --data "$folder/whole" --provider 市资源规划局定海分局 --preview "$folder/宗地2.csv" >"$folder/out.txt" 2>"$folder/log.txt"
claim "a new unit is told" says W-INTAKE-122 "$folder/log.txt"
claim "a new name too" says '改名 C 供地日期 → 供地的日期' "$folder/out.txt"
claim "no data were read" says '没有读数据' "$folder/out.txt"
"$tenglong" import "${common[@]}" --data "$folder/whole" --provider 市资源规划局定海分局 --map 供地的日期=供地日期 "$folder/宗地2.csv" >/dev/null 2>&1
"$tenglong" import "${common[@]}" --data "$folder/whole" --provider 市资源规划局定海分局 --preview "$folder/宗地2.csv" >"$folder/out.txt" 2>"$folder/log.txt"
claim "what was decided is remembered" says '供地的日期 → 供地日期' "$folder/log.txt"
claim "and not told again" refused grep -q INTAKE-12 "$folder/log.txt"
"$tenglong" import "${common[@]}" --data "$folder/whole" --map 供地时见=供地日期 "$folder/宗地2.csv" >/dev/null 2>"$folder/log.txt"
claim "a decision about no column is told" says E-INTAKE-110 "$folder/log.txt"
