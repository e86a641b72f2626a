# 试算 against a calculation by hand: one weight of the sample district changed, worked out again by awk from the
# published scores alone: totals, ranks, cuts, who moves, and their land, tax and staff by town.
set -u
cd "$(dirname "$0")/.."
. cases/claims.sh
tenglong=build/release/bin/tenglong
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
district=(--pack packs/dinghai-2021 --overlay packs/sample-overlay --data "$(place "$folder/data")" --files "$folder/data")
"$tenglong" district "${district[@]}" --firms 600 --seed 11 --quiet >/dev/null 2>&1
claim "the district stands" [ $? = 0 ]
"$tenglong" inspect result "${district[@]}" >"$folder/result.txt" 2>/dev/null
"$tenglong" extract enterprise_year "${district[@]}" --where '年度 = 2023' --to "$folder/years.csv" >/dev/null 2>&1
"$tenglong" extract enterprise "${district[@]}" --to "$folder/firms.csv" >/dev/null 2>&1
"$tenglong" simulate "${district[@]}" --set '规上工业企业综合评价.亩均税收.权重=45' --json >"$folder/trial.json" 2>/dev/null
claim "the trial runs" [ $? = 0 ]

# What the trial says, one mover a line: key, from, to, ranks before and after. The first scheme is the one changed.
sed 's/"rosters":.*//; s/{"scheme":/\n&/g' "$folder/trial.json" | grep '"scheme":"规上工业企业综合评价"' >"$folder/scheme.json"
grep -oE '"key":"[^"]*","from":"[A-D]","to":"[A-D]","total_before":"[^"]*","total_after":"[^"]*","rank_before":[0-9]+,"rank_after":[0-9]+' "$folder/scheme.json" |
  sed -E 's/"[a-z_]+"://g; s/"//g' | awk -F, '{printf "%s %s %s %.4f %s %s\n", $1, $2, $3, $5, $6, $7}' | sort >"$folder/said.txt"
claim "somebody moves" [ -s "$folder/said.txt" ]

# By hand: an item's score is in proportion to its weight (floor 0 and cap 1.5 times the weight are too), so the
# first item's rises by half. Whole numbers of 10^-6; ties share the better rank; cuts at 20, 65, 95, 100 of 100.
awk -F'\t' '
  function place(rank, n) { return rank * 100 <= 20 * n ? 1 : rank * 100 <= 65 * n ? 2 : rank * 100 <= 95 * n ? 3 : 4 }
  $1 == "scheme" { here = $2 == "above_scale_default" }
  here && $1 == "outcome" && $3 == "rated" {
    n++; key[n] = $2; before[n] = $11; rank_before[n] = $7; veto[n] = $9; protect[n] = $10
    total[n] = $5 + $14 * 0.5
  }
  END {
    for (i = 1; i <= n; i++) {
      rank = 1
      for (j = 1; j <= n; j++) if (total[j] - total[i] > 0.0000001) rank++
      at = place(rank, n)
      if (veto[i] != "") { limit = index("ABCD", veto[i]); if (at < limit) at = limit }
      else if (protect[i] != "") { limit = index("ABCD", protect[i]); if (at > limit) at = limit }
      now = substr("ABCD", at, 1)
      if (now != before[i]) printf "%s %s %s %.4f %s %s\n", key[i], before[i], now, total[i], rank_before[i], rank
    }
  }' "$folder/result.txt" | sort >"$folder/by_hand.txt"
claim "who moves, from where, to where, with which total and rank" diff "$folder/by_hand.txt" "$folder/said.txt"

# The same with land, tax and staff, by town.
grep -oE '"cut":"镇街","of":"[^"]*","from":"[A-D]","to":"[A-D]","records":[0-9]+,"measures":\{[^}]*' "$folder/scheme.json" |
  sed -E 's/"[^",:{}]+"://g; s/[{"]//g' | awk -F, '{printf "%s %s %s %s %.3f %.3f %.3f\n", $2, $3, $4, $5, $6, $7, $8}' |
  sort >"$folder/towns_said.txt"
column() { # file, heading: which column of a csv it is
  sed -n '1s/^\xef\xbb\xbf//p' "$1" | tr -d '\r' | awk -F, -v want="$2" '{for (i = 1; i <= NF; i++) if (index($i, want) == 1) {print i; exit}}'
}
# The towns of the code table, so that a name in the workbook is a code again.
grep -rhoE '^\| "[0-9]{9}" \| [^|]+' packs | sed -E 's/^\| "([0-9]+)" \| (.*[^ ]) *$/\2,\1/' | sort -u >"$folder/codes.csv"
awk -F, -v town="$(column "$folder/firms.csv" 镇街)" 'NR == FNR {code[$1] = $2; next} {print $1, code[$town]}' \
  "$folder/codes.csv" "$folder/firms.csv" >"$folder/towns.txt"
awk -F, -v land="$(column "$folder/years.csv" 用地面积)" -v tax="$(column "$folder/years.csv" 实缴税收)" \
  -v staff="$(column "$folder/years.csv" 年平均职工人数)" '{print $1 "," $land "," $tax "," $staff}' \
  "$folder/years.csv" >"$folder/measures.txt"
awk 'FILENAME ~ /towns.txt$/ {town[$1] = $2; next}
     FILENAME ~ /measures.txt$/ {split($0, m, ","); land[m[1]] = m[2]; tax[m[1]] = m[3]; staff[m[1]] = m[4]; next}
     {at = town[$1] " " $2 " " $3; count[at]++; l[at] += land[$1]; t[at] += tax[$1]; s[at] += staff[$1]}
     END {for (at in count) printf "%s %s %.3f %.3f %.3f\n", at, count[at], l[at], t[at], s[at]}' \
  "$folder/towns.txt" "$folder/measures.txt" "$folder/by_hand.txt" | sort >"$folder/towns_by_hand.txt"
claim "land, tax and staff of the movers by town" diff "$folder/towns_by_hand.txt" "$folder/towns_said.txt"
claim "there are towns" [ -s "$folder/towns_said.txt" ]

# The distribution of totals: before and after count the same firms, and after agrees with the totals by hand.
grep -oE '"distribution":\[[^]]*' "$folder/scheme.json" | grep -oE '"after":[0-9]+' | cut -d: -f2 >"$folder/bins_said.txt"
awk -F'\t' '
  $1 == "scheme" { here = $2 == "above_scale_default" }
  here && $1 == "outcome" && $3 == "rated" { t = $5 + $14 * 0.5; b[t < 40 ? 0 : t < 60 ? 1 : t < 80 ? 2 : t < 100 ? 3 : t < 120 ? 4 : 5]++ }
  END { for (i = 0; i < 6; i++) print b[i] + 0 }' "$folder/result.txt" >"$folder/bins_by_hand.txt"
claim "the distribution of totals" diff "$folder/bins_by_hand.txt" "$folder/bins_said.txt"

# 用电加价: the rate of C tried at 0.2; money by grade before and after from the grades and the electricity alone.
"$tenglong" simulate "${district[@]}" --set '差别化用电加价标准(C)=0.2' --json 2>/dev/null |
  sed 's/"rosters":.*//; s/{"scheme":/\n&/g' | grep '"scheme":"规上工业企业综合评价"' |
  grep -oE '"cut":"(等级)?","of":"[A-D]?","before":\{[^}]*\},"after":\{[^}]*\}' |
  sed -E 's/"(cut|of|before|after|money|records|without)"://g; s/[{}"]//g' |
  awk -F, '{printf "%s %.4f %s %s %.4f %s %s\n", $2, $3, $4, $5, $6, $7, $8}' | sort >"$folder/money_said.txt"
awk -F, -v power="$(column "$folder/years.csv" 用电量)" '{print $1 "," $power}' "$folder/years.csv" >"$folder/power.txt"
awk -F'\t' 'FILENAME ~ /power.txt$/ {split($0, m, ","); power[m[1]] = m[2]; next}
     $1 == "scheme" {here = $2 == "above_scale_default"}
     here && $1 == "outcome" && $3 == "rated" && $11 != "" {
       count[$11]++
       if (power[$2] == "") lack[$11]++; else sum[$11] += power[$2]
     }
     END {
       split("A B C D", grade, " "); before["C"] = 0.1; after["C"] = 0.2; before["D"] = after["D"] = 0.3
       for (i = 1; i <= 4; i++) {
         g = grade[i]; n += count[g]; l += lack[g]; b += sum[g] * before[g]; a += sum[g] * after[g]
         printf "%s %.4f %d %d %.4f %d %d\n", g, sum[g] * before[g], count[g], lack[g], sum[g] * after[g], count[g], lack[g]
       }
       printf " %.4f %d %d %.4f %d %d\n", b, n, l, a, n, l
     }' "$folder/power.txt" "$folder/result.txt" | sort >"$folder/money_by_hand.txt"
claim "what a price comes to, by grade and whole" diff "$folder/money_by_hand.txt" "$folder/money_said.txt"
claim "there is money" grep -q '^ [1-9]' "$folder/money_said.txt"
"$tenglong" simulate "${district[@]}" --seek '差别化用电加价标准(C)' --from 0 --to 1 --step 0.001 \
  --goal '规上工业企业综合评价.C.用电加价 >= 100' >"$folder/sought.txt" 2>&1
claim "a goal on money is sought, and the step before is shown" [ "$(grep -c '达到：规上工业企业综合评价.C.用电加价 = ' "$folder/sought.txt")" = 2 ]
"$tenglong" simulate --pack packs/dinghai-2021 --data "$(place "$folder/data")" --files "$folder/data" --set '差别化用电加价标准(C)=0.2' >"$folder/gap.txt" 2>&1
claim "without a published rate of D the sum is not told, and says what it waits for" \
  [ "$(grep -c '还没公布，算不出：差别化用电加价标准（等级 D；Q17）' "$folder/gap.txt")" -ge 1 ]

# Another version of the pack in its place: the same weight changed in its text says the same as the change alone.
cp -r packs/dinghai-2021 packs/standard "$folder/"
sed -i '71s/weight: 30/weight: 45/; 70i weights_total: 115' "$folder/dinghai-2021/evaluation.md"
"$tenglong" simulate "${district[@]}" --with "$folder/dinghai-2021" --with packs/sample-overlay --json >"$folder/with.json" 2>"$folder/with.txt"
claim "another version of the pack is run in its place" [ $? = 0 ]
sed 's/"rosters":.*//; s/{"scheme":/\n&/g' "$folder/with.json" | grep '"scheme":"规上工业企业综合评价"' >"$folder/with_scheme.json"
claim "and says what the change alone says" cmp "$folder/scheme.json" "$folder/with_scheme.json"
"$tenglong" simulate "${district[@]}" --with packs/huangyan-2022 >"$folder/other.txt" 2>&1
claim "one with other registers is refused" grep -q '这一版的台账与现行的不同' "$folder/other.txt"
"$tenglong" simulate "${district[@]}" --with "$folder/nowhere" >"$folder/other.txt" 2>&1
claim "one that is not there too" grep -q E-PACK-101 "$folder/other.txt"
"$tenglong" simulate "${district[@]}" --with packs/dinghai-2021 --set '规上工业企业综合评价.A=30' >"$folder/other.txt" 2>&1
claim "it takes no change beside it" [ $? = 2 ]
