# A year is collected, a dispute chosen, items confirmed, the year locked, then corrected by two people; who enterprises are.
set -u
cd "$(dirname "$0")/.."
. cases/claims.sh
tenglong=build/release/bin/tenglong
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
common=(--pack packs/dinghai-2021 --data "$(place "$folder/data")" --files "$folder/files" --quiet)
year=("${common[@]}" --period 2023)
a=91330902684307791B
printf '统一社会信用代码,企业名称,镇街,行业\n%s,浙江样例海龙机械有限公司,金塘镇,3523\n' $a >"$folder/企业.csv"
"$tenglong" import "${common[@]}" --provider 市市场监管局定海分局 "$folder/企业.csv" >/dev/null 2>&1
printf '统一社会信用代码,实缴税收（万元）\n%s,50\n' $a >"$folder/2023年税收.csv"
"$tenglong" import "${common[@]}" --provider 区税务局 "$folder/2023年税收.csv" >/dev/null 2>&1
printf '统一社会信用代码,规上,用地面积（亩）,主营业务收入（万元）\n%s,是,10,900\n' $a >"$folder/2023年镇街表.csv"
"$tenglong" import "${common[@]}" --provider 金塘镇 "$folder/2023年镇街表.csv" >/dev/null 2>&1
printf '统一社会信用代码,主营业务收入（万元）\n%s,950\n' $a >"$folder/2023年经信表.csv"
"$tenglong" import "${common[@]}" --provider 区经信局 "$folder/2023年经信表.csv" >/dev/null 2>&1

"$tenglong" items "${year[@]}" >"$folder/items.txt"
claim "what came is told" says '已到  企业年度 2023  实缴税收  区税务局  2024-03-31 到期  应 1 有 1' "$folder/items.txt"
claim "a dispute is told" says '有疑  企业年度 2023  主营业务收入' "$folder/items.txt"
claim "what has not come is told" says '未到  企业月度 2023-01  累计总产值  区统计局  2023-02-15 到期' "$folder/items.txt"
"$tenglong" rivals "${year[@]}" >"$folder/rivals.txt"
claim "the two stand side by side" says '950  区经信局' "$folder/rivals.txt"
claim "a choice needs a reason" refused "$tenglong" choose "${year[@]}" enterprise_year $a 主营业务收入 950
claim "a value nobody gave cannot be chosen" refused "$tenglong" choose "${year[@]}" enterprise_year $a 主营业务收入 955 --reason 折中
claim "one is chosen" "$tenglong" choose "${year[@]}" enterprise_year $a 主营业务收入 950 --reason 审计数 --by 李
"$tenglong" rivals "${year[@]}" >"$folder/rivals.txt"
claim "and the dispute is over" says '存疑 0 处' "$folder/rivals.txt"
"$tenglong" record "${year[@]}" enterprise_year $a --field 主营业务收入 >"$folder/record.txt"
claim "a value says where it came from" says '来自 区经信局，2023年经信表.csv' "$folder/record.txt"
claim "and who decided" says '定于 选定，李' "$folder/record.txt"
claim "as it was known before anything came" refused "$tenglong" record "${year[@]}" enterprise_year $a --known-on 2000-01-01

item=enterprise_year/2023/tax_paid/区税务局
claim "the provider confirms" "$tenglong" confirm "${year[@]}" $item --by 税务李
printf '统一社会信用代码,实缴税收（万元）\n%s,51\n' $a >"$folder/2023年税收改.csv"
"$tenglong" import "${common[@]}" --provider 区税务局 "$folder/2023年税收改.csv" >/dev/null 2>&1
"$tenglong" items "${year[@]}" >"$folder/items.txt"
claim "later data take it back visibly" says '确认以后有变动' "$folder/items.txt"
"$tenglong" confirm "${year[@]}" $item --by 税务李 >/dev/null
"$tenglong" overdue "${common[@]}" --on 2024-04-16 --send --by 陈 >"$folder/overdue.txt"
claim "who is late gets one letter" says '工业增加值”：2024-04-15 到期，已逾 1 天；全部未到，应报 1 条' "$folder/overdue.txt"
"$tenglong" overdue "${common[@]}" --on 2024-04-16 --send --by 陈 >"$folder/overdue.txt"
claim "and no second on the same day" says '没有再发' "$folder/overdue.txt"

"$tenglong" lock "${year[@]}" --by 陈 >/dev/null 2>"$folder/log.txt"
claim "an open year is not locked" [ $? = 1 ]
claim "and every reason is told" [ "$(grep -c '不能办' "$folder/log.txt")" -gt 20 ]
mapfile -t open < <("$tenglong" items "${year[@]}" --json | grep -oE '"item":"[^"]*"[^}]*"state":"[^"]*"' | grep -v 已确认 | sed -E 's/^"item":"([^"]*)".*/--except=\1/')
claim "with the exceptions accepted it is" "$tenglong" lock "${year[@]}" --by 陈 --reason 试点年不等 --accepted-by 王局 "${open[@]}"
printf '统一社会信用代码,实缴税收（万元）\n%s,80\n' $a >"$folder/2023年税收晚.csv"
"$tenglong" import "${common[@]}" --provider 区税务局 "$folder/2023年税收晚.csv" >/dev/null 2>"$folder/log.txt"
claim "what comes after the lock is refused" says 'E-INTAKE-324' "$folder/log.txt"
claim "with its cure" says 'tenglong correct propose' "$folder/log.txt"

"$tenglong" correct propose "${year[@]}" enterprise_year $a 实缴税收 8 --reason 退税 --evidence 税函3号 --by 李 >"$folder/correct.txt"
claim "a correction lists what it moves" says '2023 清单 低效企业清单：' "$folder/correct.txt"
claim "who proposed it does not approve it" refused "$tenglong" correct approve "${year[@]}" 1 --by 李
claim "another does" "$tenglong" correct approve "${year[@]}" 1 --by 王 --reason 属实
"$tenglong" record "${year[@]}" enterprise_year $a --field 实缴税收 --snapshot 1 >"$folder/record.txt"
claim "the locked snapshot stays" says '51 万元' "$folder/record.txt"
"$tenglong" record "${year[@]}" enterprise_year $a --field 实缴税收 --snapshot 2 >"$folder/record.txt"
claim "the new one has the correction" says '8 万元' "$folder/record.txt"
"$tenglong" roster "${year[@]}" low_efficiency --json >"$folder/roster.txt"
claim "the year is evaluated as corrected" says '"place":"入列"' "$folder/roster.txt"
if [ -z "${TENGLONG_TEST_DATABASE:-}" ]; then
  claim "the trail agrees with all of it" build/release/bin/tenglong-verify "$folder/data/tenglong.db"
fi

printf '统一社会信用代码,1至本月总产值（万元）\n%s,100\n' $a >"$folder/2024年1月.csv"
printf '统一社会信用代码,1至本月总产值（万元）\n%s,90\n' $a >"$folder/2024年2月.csv"
printf '统一社会信用代码,1至本月总产值（万元）\n%s,220\n' $a >"$folder/2024年2月终报.csv"
"$tenglong" import "${common[@]}" --period 2024-01 --provider 区统计局 "$folder/2024年1月.csv" >/dev/null 2>&1
"$tenglong" import "${common[@]}" --period 2024-02 --provider 区统计局 --preliminary "$folder/2024年2月.csv" >/dev/null 2>&1
"$tenglong" series "${common[@]}" enterprise_month >"$folder/series.txt" 2>"$folder/log.txt"
claim "a sum since January that falls is told" says 'W-COLLECTION-101' "$folder/log.txt"
"$tenglong" import "${common[@]}" --period 2024-02 --provider 区统计局 "$folder/2024年2月终报.csv" >/dev/null 2>&1
"$tenglong" series "${common[@]}" enterprise_month $a --field 累计总产值 >"$folder/series.txt"
claim "the final figure shows what it changed" says '2024-02  220  本期 120  快报 90，差 130' "$folder/series.txt"

"$tenglong" identity candidates "${common[@]}" 样例海龙机戒有限公司 >"$folder/who.txt"
claim "a name that is alike is offered with its reason" says '样例海龙机械' "$folder/who.txt"
wrong=91330902684307719B
printf '统一社会信用代码,实缴税收（万元）\n%s,7\n' $wrong >"$folder/2022年税收.csv"
"$tenglong" import "${common[@]}" --provider 区税务局 --dry-run "$folder/2022年税收.csv" >/dev/null 2>"$folder/log.txt"
"$tenglong" import "${common[@]}" --provider 区税务局 "$folder/2022年税收.csv" >/dev/null 2>"$folder/log.txt"
claim "an unknown code is offered who it may be" says '位对调后在册' "$folder/log.txt"
claim "it is decided once" "$tenglong" identity decide "${common[@]}" $a --code $wrong --reason 电话核实 --by 李
claim "against it nobody decides" refused "$tenglong" identity decide "${common[@]}" $a --code $wrong --different --by 王
printf '统一社会信用代码,实缴税收（万元）\n%s,6\n' $wrong >"$folder/2021年税收.csv"
"$tenglong" import "${common[@]}" --provider 区税务局 "$folder/2021年税收.csv" >/dev/null 2>"$folder/log.txt"
claim "and is followed the next time" says 'N-INTAKE-322' "$folder/log.txt"
"$tenglong" record "${common[@]}" --period 2021 enterprise_year $a >"$folder/record.txt"
claim "under the enterprise's own code" says '6 万元' "$folder/record.txt"
claim "a renaming is entered" "$tenglong" identity enter "${common[@]}" 更名 --from $a --on 2022-05-01 --before 舟山样例海虎机械有限公司 --after 浙江样例海龙机械有限公司
"$tenglong" identity history "${common[@]}" $a >"$folder/history.txt"
claim "and told in its history" says '舟山样例海虎机械有限公司   — 2022-05-01' "$folder/history.txt"
"$tenglong" identity candidates "${common[@]}" 舟山样例海虎机械有限公司 >"$folder/who.txt"
claim "by its old name it is found" says '曾用名' "$folder/who.txt"
"$tenglong" identity enter "${common[@]}" 注销 --from 91330902684307719B --on 2024-01-01 >"$folder/who.txt" 2>&1
claim "of one that is in no register nothing is entered" says E-IDENTITY-107 "$folder/who.txt"
claim "and who it was decided to be" says "以前认定为 $a" "$folder/who.txt"
claim "it is closed" "$tenglong" identity enter "${common[@]}" 注销 --from $a --on 2024-12-31
printf '统一社会信用代码,实缴税收（万元）\n%s,7\n' $a >"$folder/2026年税收.csv"
"$tenglong" import "${common[@]}" --provider 区税务局 "$folder/2026年税收.csv" >"$folder/log.txt" 2>&1
claim "figures of a year after that are told" says 'W-INTAKE-332' "$folder/log.txt"
claim "an event that cannot be is refused" refused "$tenglong" identity enter "${common[@]}" 合并 --from $a --on 2023-01-01 --to $a
