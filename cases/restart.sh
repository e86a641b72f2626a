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
for _ in $(seq 600); do
  ask GET "/api/imports/$import"
  grep -q '"state":"checking"' "$folder/answer.txt" || break
  sleep 0.1
done
claim "and is done" says '"state":"done"' "$folder/answer.txt"
claim "with every row" says '"accepted":60000' "$folder/answer.txt"
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
stop_serving
