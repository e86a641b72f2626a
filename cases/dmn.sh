# A DMN model from elsewhere: checked, asked, written into a pack that then gives the same answers.
set -u
cd "$(dirname "$0")/.."
. cases/claims.sh
tenglong=build/release/bin/tenglong
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
model=tck/cases/compliance-level-2/0004-simpletable-U/0004-simpletable-U.dmn
"$tenglong" dmn check "$model" >"$folder/out.txt" 2>"$folder/log.txt"
claim "what may be asked is listed with its inputs" says 'Approval Status(Age, RiskCategory, isAffordable)' "$folder/out.txt"
"$tenglong" dmn ask "$model" 'Approval Status' --input '{Age: 18, RiskCategory: "Low", isAffordable: true}' >"$folder/out.txt"
claim "a decision is asked" says '"Approved"' "$folder/out.txt"
"$tenglong" dmn ask "$model" --input '{Age: "x"}' >"$folder/out.txt" 2>"$folder/log.txt"
claim "a wrong input is null with its place" says 'dmn:' "$folder/log.txt"
claim "a decision that is not there is told" refused "$tenglong" dmn ask "$model" 没有

mkdir "$folder/pack"
cat >"$folder/pack/pack.md" <<'PACK'
# 别处来的规则

```yaml pack
id: from_elsewhere
name: 别处来的规则
document: 样例文件
area: "330902"
valid_from: 2021-01-01
valid_to: 2030-12-31
rounding: {places: 6, mode: half_up}
```
PACK
claim "a folder that is no pack is refused" refused "$tenglong" dmn import "$model" --into "$folder"
"$tenglong" dmn import "$model" --into "$folder/pack" >"$folder/out.txt"
claim "the model becomes blocks" says '1 张决策表' "$folder/out.txt"
claim "the blocks stand in a file of the pack" [ -f "$folder/pack/0004-simpletable-U.dmn.md" ]
claim "what is there is not overwritten" refused "$tenglong" dmn import "$model" --into "$folder/pack"
claim "unless one says so" "$tenglong" dmn import "$model" --into "$folder/pack" --replace
{
  printf '# 案例\n\n```yaml cases\nid: same_answers\nname: 与原模型的答案相同\nof: simpletable_u_input\nrounding: {places: 6, mode: half_up}\n```\n\n'
  printf '| 情形 | Age | RiskCategory | isAffordable | → Approval Status |\n|---|---|---|---|---|\n'
  for age in 17 18 64; do
    for risk in Low Medium High; do
      for affordable in true false; do
        answer=$("$tenglong" dmn ask "$model" 'Approval Status' --input "{Age: $age, RiskCategory: \"$risk\", isAffordable: $affordable}" | sed 's/.* = //')
        printf '| %s %s %s | %s | "%s" | %s | %s |\n' "$age" "$risk" "$affordable" "$age" "$risk" "$affordable" "$answer"
      done
    done
  done
} >"$folder/pack/cases.md"
"$tenglong" check "$folder/pack" >"$folder/out.txt" 2>"$folder/log.txt"
claim "the pack gives the answers of the model" says '18 条相符，0 条不符' "$folder/out.txt"

# The way out: a decision of a pack as DMN, read back, gives the answers of the pack.
"$tenglong" dmn export "$folder/pack" 'Approval Status' --to "$folder/out.dmn"
same=true
for age in 17 18 64; do
  for risk in Low Medium High; do
    for affordable in true false; do
      input="{Age: $age, RiskCategory: \"$risk\", isAffordable: $affordable}"
      [ "$("$tenglong" dmn ask "$folder/out.dmn" 'Approval Status' --input "$input")" = "$("$tenglong" dmn ask "$model" 'Approval Status' --input "$input")" ] || same=false
    done
  done
done
claim "what came in goes out with the same answers" $same
cp -r packs "$folder/packs"
dinghai=$folder/packs/dinghai-2021
"$tenglong" dmn export "$dinghai" veto --to "$folder/veto.dmn" 2>"$folder/log.txt"
claim "a hit policy that the standard lacks is told" says 'collect_worst' "$folder/log.txt"
"$tenglong" dmn check "$folder/veto.dmn" >"$folder/out.txt" 2>"$folder/log.txt"
claim "the model is in order, and lists its inputs" says '一票否决(重大安全责任事故' "$folder/out.txt"
"$tenglong" dmn export "$dinghai" 重点行业 >"$folder/sector.dmn"
{
  printf '# 另立的案例\n\n```yaml cases\nid: as_the_model\nname: 与写出的模型答案相同\nof: enterprise_year\nrounding: {places: 6, mode: half_up}\n```\n\n'
  printf '| 情形 | 年度 | 重大安全责任事故 | 环保不达标 | 企业.行业 | → 一票否决 | → 重点行业 |\n|---|---|---|---|---|---|---|\n'
  for accident in true false; do
    for foul in true false; do
      for trade in 3731 1361 132; do
        veto=$("$tenglong" dmn ask "$folder/veto.dmn" --input "{重大安全责任事故: $accident, 环保不达标: $foul}" 2>/dev/null | sed 's/.* = //')
        [ "$veto" != null ] || continue # an expected value of a case is never nothing
        sector=$("$tenglong" dmn ask "$folder/sector.dmn" --input "{企业: {行业: \"$trade\"}}" | sed 's/.* = //')
        printf '| %s %s %s | 2023 | %s | %s | "%s" | %s | %s |\n' "$accident" "$foul" "$trade" "$accident" "$foul" "$trade" "$veto" "$sector"
      done
    done
  done
} >"$dinghai/as-the-model.md"
"$tenglong" check "$dinghai" >"$folder/out.txt" 2>"$folder/log.txt"
claim "the pack answers as the models that are written of it" says '，0 条不符' "$folder/out.txt"
claim "a decision that is not in the pack is told" refused "$tenglong" dmn export "$dinghai" 没有
printf '<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>' >"$folder/hostile.dmn"
"$tenglong" dmn check "$folder/hostile.dmn" 2>"$folder/log.txt"
claim "a DTD is refused" says E-DMN-102 "$folder/log.txt"
claim "a missing file is told" refused "$tenglong" dmn check /no/such.dmn
