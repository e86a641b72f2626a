# The whole way: a small district from nothing to reports, twice; the explanation of one enterprise; the page.
set -u
cd "$(dirname "$0")/.."
. cases/claims.sh
tenglong=build/release/bin/tenglong
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
policy=(--pack packs/dinghai-2021 --overlay packs/sample-overlay)
district=("${policy[@]}" --data "$(place "$folder/data")" --files "$folder/data")

"$tenglong" district "${district[@]}" --firms 300 --seed 7 >"$folder/first.txt" 2>"$folder/first.log"
claim "the district ends well" [ $? = 0 ]
claim "a workbook of results" [ -s "$folder/data/区县评价结果.xlsx" ]
claim "a report, marked" says 样例数据 "$folder/data/评价说明.md"
claim "the summary balances" says '，对平' "$folder/first.txt"
claim "no scheme fails to balance" refused says 没有对平 "$folder/first.txt"
claim "sample parameters are marked" says 样例参数 "$folder/first.txt"
claim "senders get their workbooks back with a column of problems" [ -n "$(ls "$folder"/data/problems/*.xlsx)" ]

"$tenglong" district "${district[@]}" --firms 300 --seed 7 >"$folder/second.txt" 2>/dev/null
claim "a second run keeps the data and ends well" [ $? = 0 ]
claim "and says the same" [ "$(grep 结果指纹 "$folder/first.txt")" = "$(grep 结果指纹 "$folder/second.txt")" ]
"$tenglong" district "${policy[@]}" --data "$folder/other" --firms 300 --seed 7 --quiet >"$folder/third.txt" 2>/dev/null
claim "the same seed in another folder gives the same fingerprint" [ "$(grep 结果指纹 "$folder/first.txt")" = "$(grep 结果指纹 "$folder/third.txt")" ]

code=$("$tenglong" roster "${district[@]}" low_efficiency --json | grep -oE '"key":"[0-9A-Z]{18}"' | head -1 | cut -d'"' -f4)
claim "the roster names an enterprise" [ -n "$code" ]
"$tenglong" explain "${district[@]}" "$code" >"$folder/explain.txt"
claim "it can be explained" [ $? = 0 ]
claim "down to a cell of a sender's workbook" grep -qE '样例数据_.*\.xlsx!.*![A-Z]+[0-9]+' "$folder/explain.txt"
claim "with a clause" says '条款 三(一)' "$folder/explain.txt"
"$tenglong" explain "${district[@]}" "$code" --json >"$folder/explain.json"
claim "as data too" says '"because":\[' "$folder/explain.json"
"$tenglong" explain "${district[@]}" "$code" --indicator 亩均税收 >"$folder/indicator.txt"
claim "one indicator by name" says 亩均税收 "$folder/indicator.txt"
"$tenglong" explain "${district[@]}" --target P01 >"$folder/target.txt"
claim "a target's figure is explained without an enterprise" [ $? = 0 ]
claim "by its sums" says 'sum(实缴税收) = ' "$folder/target.txt"
claim "and the largest records, down to a cell" grep -qE '占 [0-9.]+%（实缴税收 ← 样例数据_.*!' "$folder/target.txt"
"$tenglong" explain "${district[@]}" "$code" --why-not 规下工业企业综合评价 >"$folder/why.txt"
claim "what a better grade lacks is told" [ $? = 0 ]
claim "a list that is not there is told" refused "$tenglong" explain "${district[@]}" "$code" --why-not 没有的清单
claim "a code that is not there is told" refused "$tenglong" explain "${district[@]}" 000000000000000000
"$tenglong" simulate "${district[@]}" --robust 200 --seed 1 --json >"$folder/robust.json" 2>/dev/null
claim "random weights run" says '"influences":\[' "$folder/robust.json"
"$tenglong" simulate "${district[@]}" --robust 200 --seed 1 --threads 2 --json >"$folder/robust2.json" 2>/dev/null
claim "one seed gives one answer whatever the threads" cmp -s "$folder/robust.json" "$folder/robust2.json"
"$tenglong" simulate "${district[@]}" --close >"$folder/close.txt" 2>&1
claim "who stands close to a line" says 权重动 "$folder/close.txt"
claim "a target by number" "$tenglong" target "${district[@]}" P10
TENGLONG_LANG=en "$tenglong" target "${district[@]}" P10 >"$folder/english.txt"
claim "English on request" says Targets "$folder/english.txt"
"$tenglong" run --pack packs/dinghai-2021 --data "$folder/data" --period 2022 >"$folder/published.txt" 2>/dev/null
claim "without the overlay the unpublished line of 2022 refuses" says 低效认定线 "$folder/published.txt"
claim "and names the question" says Q01 "$folder/published.txt"

"$tenglong" serve "${district[@]}" --port 18020 >"$folder/serve.txt" 2>&1 &
server=$!
for _ in $(seq 100); do grep -q 18020 "$folder/serve.txt" && break; sleep 0.1; done
claim "the sample accounts are printed and marked" says 样例账号 "$folder/serve.txt"
claim "who has not signed in sees no data" [ "$(curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:18020/api/pack)" = 401 ]
signed_in=(-c "$folder/cookies" -b "$folder/cookies")
claim "a sample account signs in" curl -sf -o /dev/null "${signed_in[@]}" -H 'Content-Type: application/json' \
  -d '{"account":"analyst","password":"sample-district-2021"}' http://127.0.0.1:18020/api/session
for page in / /health /api/pack /api/registers /api/results "/api/enterprises/$code" /api/targets /api/targets/P10 \
  /api/simulator "/api/enterprises/$code/why" "/api/enterprises/$code/rise" /api/openapi.json; do
  claim "page $page" curl -sf "${signed_in[@]}" -o "$folder/page.html" "http://127.0.0.1:18020$page"
done
claim "an unknown address is 404" [ "$(curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:18020/api/no)" = 404 ]
claim "an address takes its own methods only" [ "$(curl -s -o /dev/null -w '%{http_code}' -X POST http://127.0.0.1:18020/health)" = 405 ]
"$tenglong" openapi "${district[@]}" >"$folder/openapi.json"
curl -s http://127.0.0.1:18020/api/openapi.json >"$folder/served.json"
claim "the description is the one that is served" cmp "$folder/openapi.json" "$folder/served.json"
kill -INT $server
wait $server
claim "Ctrl-C ends it cleanly" [ $? = 0 ]
for asked in "rise 91330902684307791B" "simulate --set 规上工业企业综合评价.A=30" "simulate --robust 100" "simulate --close" "impact enterprise_year 91330902684307791B 实缴税收 5"; do
  # shellcheck disable=SC2086
  build/release/bin/tenglong $asked --data "$folder/empty" >"$folder/said.txt" 2>&1
  claim "${asked%% *} says what to do where there is no data" says "tenglong import" "$folder/said.txt"
done
