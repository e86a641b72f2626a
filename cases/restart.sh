# The server is killed while a file comes and while it is imported: the upload goes on where it was, the imports
# and what came of them are there, and one that was at work is interrupted and can be begun again.
set -u
cd "$(dirname "$0")/.."
. cases/serving.sh
claim "a district of 60 enterprises" "$tenglong" district "${district[@]}" --firms 60 --seed 7 --quiet
jar=$folder/cookies
sign_in() {
  csrf=$(curl -s -c "$jar" -H 'Content-Type: application/json' -d '{"account":"analyst","password":"sample-district-2021"}' \
    "$TENGLONG_ORIGIN/api/session" | sed -E 's/.*"csrf_token":"([^"]*)".*/\1/')
}
keys=0
ask() { # method path curl's arguments...: the answer in $folder/answer.txt, its status on a line of its own behind it
  local method=$1 path=$2
  shift 2
  keys=$((keys + 1))
  curl -s -b "$jar" -X "$method" -H "X-CSRF-Token: $csrf" -H "Idempotency-Key: restart-$keys-$$" -w '\n%{http_code}' "$@" \
    "$TENGLONG_ORIGIN$path" >"$folder/answer.txt"
}
member() { sed -n -E "s/.*\"$1\":\"?([^\",}]*).*/\1/p" "$folder/answer.txt" | head -1; }
kill_now() {
  kill -9 "$server"
  wait "$server" 2>/dev/null
  server=
}
{
  printf '宗地编号,宗地面积（亩）,供地日期\n'
  seq 1 60000 | awk '{printf "样例地块%06d,%d.%d,2021-03-%02d\n", $1, $1 % 90 + 1, $1 % 10, $1 % 28 + 1}'
} >"$folder/宗地.csv"
size=$(stat -c %s "$folder/宗地.csv")
half=$((size / 2))
head -c "$half" "$folder/宗地.csv" >"$folder/first"
tail -c +$((half + 1)) "$folder/宗地.csv" >"$folder/second"
serve one "${district[@]}"
sign_in
ask POST /api/uploads -H 'Content-Type: application/json' -d "{\"name\":\"宗地.csv\",\"size\":$size}"
upload=$(member upload)
ask PUT "/api/uploads/$upload" -H 'Content-Type: application/octet-stream' -H "Content-Range: bytes 0-$((half - 1))/$size" --data-binary "@$folder/first"
claim "the first half is here" says "\"received\":$half" "$folder/answer.txt"
kill_now
serve two "${district[@]}"
sign_in
ask GET "/api/uploads/$upload"
claim "after a kill it still is" says "\"received\":$half" "$folder/answer.txt"
ask PUT "/api/uploads/$upload" -H 'Content-Type: application/octet-stream' -H "Content-Range: bytes $half-$((size - 1))/$size" --data-binary "@$folder/second"
claim "and the other half goes on from there" says "\"received\":$size" "$folder/answer.txt"
ask POST /api/imports -H 'Content-Type: application/json' -d "{\"upload\":\"$upload\",\"provider\":\"市资源规划局定海分局\",\"register\":\"parcel\"}"
import=$(member import)
claim "the import is taken" says '^202$' "$folder/answer.txt"
kill_now
serve three "${district[@]}"
sign_in
ask GET /api/imports
claim "it is in the list after a kill" says "\"id\":\"$import\"" "$folder/answer.txt"
claim "and is said to be interrupted" says '"state":"interrupted"' "$folder/answer.txt"
ask POST "/api/imports/$import/again"
claim "it can be begun again" says '^202$' "$folder/answer.txt"
# Another comes while it is at work: it waits, and is among the jobs with its turn.
printf '宗地编号,宗地面积（亩）\n样例地块900001,5\n' >"$folder/一块.csv"
few=$(stat -c %s "$folder/一块.csv")
ask POST /api/uploads -H 'Content-Type: application/json' -d "{\"name\":\"一块.csv\",\"size\":$few}"
small=$(member upload)
ask PUT "/api/uploads/$small" -H 'Content-Type: application/octet-stream' -H "Content-Range: bytes 0-$((few - 1))/$few" --data-binary "@$folder/一块.csv"
ask POST /api/imports -H 'Content-Type: application/json' -d "{\"upload\":\"$small\",\"provider\":\"市资源规划局定海分局\",\"register\":\"parcel\"}"
waiting=$(member import)
ask GET /api/system/jobs
claim "an import that waits is among the jobs" says '"what":"一块.csv"[^}]*"state":"waiting"' "$folder/answer.txt"
claim "with its place" says '"place":1' "$folder/answer.txt"
for _ in $(seq 600); do
  ask GET "/api/imports/$import"
  grep -q '"state":"checking"' "$folder/answer.txt" || break
  sleep 0.1
done
claim "and is done" says '"state":"done"' "$folder/answer.txt"
claim "with every row" says '"accepted":60000' "$folder/answer.txt"
for _ in $(seq 100); do
  ask GET "/api/imports/$waiting"
  grep -q '"state":"checking"' "$folder/answer.txt" || break
  sleep 0.1
done
claim "then its turn comes" says '"state":"done"' "$folder/answer.txt"
ask GET "/api/imports/$import"
head -1 "$folder/answer.txt" >"$folder/before.txt"
ask GET '/api/registers/parcel/records?q=%E6%A0%B7%E4%BE%8B%E5%9C%B0%E5%9D%97060000&size=1'
claim "the last row is in the register" says 样例地块060000 "$folder/answer.txt"
stop_serving
serve four "${district[@]}"
sign_in
ask GET "/api/imports/$import"
head -1 "$folder/answer.txt" >"$folder/after.txt"
claim "what came of it is there after a restart" cmp "$folder/before.txt" "$folder/after.txt"
ask POST "/api/imports/$import/again"
claim "what is done is not done again" says E-SERVER-504 "$folder/answer.txt"

# Many records at once: what came of each is there after a restart, and what a kill left half done says exactly what was written.
bulk() { # value where-or-nothing: begins it; its id
  ask POST /api/registers/parcel/bulk -H 'Content-Type: application/json' \
    -d "{\"field\":\"parcel_area\",\"value\":\"$1\",\"trial\":false,\"q\":\"样例地块001\"}"
  member id
}
wait_for_bulk() { # id
  for _ in $(seq 600); do
    ask GET "/api/bulk/$1"
    grep -q '"state":"running"' "$folder/answer.txt" || break
    sleep 0.1
  done
}
refused=$(bulk 很多)
wait_for_bulk "$refused"
claim "a value that is no number is refused for each" says '"refused":1000' "$folder/answer.txt"
head -1 "$folder/answer.txt" >"$folder/before.txt"
ask GET "/api/bulk/$refused/refused?format=csv"
cp "$folder/answer.txt" "$folder/before.csv"
half=$(bulk 12.34)
for _ in $(seq 300); do
  ask GET "/api/bulk/$half"
  [ "$(member done)" -ge 40 ] && break
  sleep 0.02
done
kill_now
serve five "${district[@]}"
sign_in
ask GET "/api/bulk/$refused"
head -1 "$folder/answer.txt" >"$folder/after.txt"
claim "after a kill what came of each is there" cmp "$folder/before.txt" "$folder/after.txt"
ask GET "/api/bulk/$refused/refused?format=csv"
claim "and the refused rows, as a file" cmp "$folder/before.csv" "$folder/answer.txt"
ask GET /api/system/jobs
claim "among the jobs, with who and how many were refused" says "\"who\":\"analyst\",\"what\":\"宗地\"" "$folder/answer.txt"
claim "and by which name it can be read" says "\"bulk\":\"$refused\",\"refused\":1000" "$folder/answer.txt"
ask GET "/api/bulk/$half"
claim "the one that was at work is said to be interrupted" says '"state":"interrupted"' "$folder/answer.txt"
changed=$(member changed)
claim "it wrote some of them ($changed), and not all" [ "$changed" -ge 40 -a "$changed" -lt 1000 ]
ask GET "/api/registers/parcel/records?size=1&q=%E6%A0%B7%E4%BE%8B%E5%9C%B0%E5%9D%97001&where=%E5%AE%97%E5%9C%B0%E9%9D%A2%E7%A7%AF%20%3D%2012.34"
claim "exactly as many as the register has" says "\"total\":$changed," "$folder/answer.txt"
ask POST "/api/bulk/$half/undo"
undo=$(member id)
wait_for_bulk "$undo"
claim "and they can be withdrawn after the restart" says "\"changed\":$changed" "$folder/answer.txt"
ask GET "/api/registers/parcel/records?size=1&q=%E6%A0%B7%E4%BE%8B%E5%9C%B0%E5%9D%97001&where=%E5%AE%97%E5%9C%B0%E9%9D%A2%E7%A7%AF%20%3D%2012.34"
claim "none of them has the value any more" says '"total":0,' "$folder/answer.txt"
stop_serving
