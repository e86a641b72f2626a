# The house's own checks. Each finding is file:line: what, and how to mend it.
lint_findings=0
finding() { # file:line, message
  printf '%s: %s\n' "$1" "$2" >&2
  lint_findings=$((lint_findings + 1))
}
sources() { git -c core.quotePath=false ls-files --cached --others --exclude-standard -- '*.h' '*.cpp'; }

# Arrows: every #include of another room must be granted in rooms.txt; inside/ belongs to its own room.
lint_arrows() {
  local line
  while IFS= read -r line; do finding "${line%%$'\t'*}" "${line#*$'\t'}"; done < <(
    sources | xargs grep -nE '^#include "(engine|campaign|store|server|cli)/' /dev/null | awk -F: '
      function room_of(path,   part) { split(path, part, "/"); return (part[1] == "engine" || part[1] == "campaign") ? part[2] : part[1] }
      BEGIN {
        while ((getline line < "rooms.txt") > 0) {
          if (line !~ /^[a-z]+ *:/) continue
          split(line, side, ":"); gsub(/ /, "", side[1])
          n = split(side[2], word, " ")
          if (side[1] == "ground") { for (i = 1; i <= n; i++) { ground[word[i]] = i; count = n } }
          else { known[side[1]] = 1; for (i = 1; i <= n; i++) granted[side[1], word[i]] = 1 }
        }
      }
      {
        from = room_of($1)
        match($3, /"[^"]*"/); target = substr($3, RSTART + 1, RLENGTH - 2); to = room_of(target)
        if (from == "bench" || from == "tests" || from == to) next
        # The verifier shares no code; only its test may use ours, to make what is then tampered with.
        if (from == "verify") { if ($1 !~ /_test\.cpp$/) printf "%s:%s\tverify 不包含别的房间的头文件。\n", $1, $2; next }
        if (target ~ /\/inside\//) { printf "%s:%s\tinside/ 只属于房间 %s；改用它的门。\n", $1, $2, to; next }
        if (from in ground) { if (!(to in ground) || ground[to] > ground[from]) printf "%s:%s\t底层房间 %s 不能引用 %s（rooms.txt）。\n", $1, $2, from, to; next }
        if (to in ground || ((from, "*") in granted)) next
        if (!((from, to) in granted)) printf "%s:%s\t箭头 %s → %s 不在 rooms.txt 里。\n", $1, $2, from, to
      }')
}
# Clause ids in code and packs must be headings of some pack; P, Q and R numbers must be in the inventory.
lint_clauses() {
  local known line questions
  known=$(git -c core.quotePath=false ls-files -- 'packs/*.md' | xargs grep -hoE '^#+ +[一二三四五]([（(][一二三四五六七八九十]+[)）][0-9]*)?' 2>/dev/null | sed -E 's/^#+ +//; s/（/(/; s/）/)/' | sort -u)
  [ -n "$known" ] || return 0
  while IFS= read -r line; do
    local place=${line%:*} clause=${line##*:}
    grep -qxF "$clause" <<<"$known" || finding "$place" "条款“$clause”不在任何政策包的标题里。"
  done < <(sources | grep -v _test.cpp | xargs grep -noE '[一二三四五]\([一二三四五六七八九十]+\)[0-9]*' /dev/null | sort -u)
  questions=$(git -c core.quotePath=false ls-files -- 'packs/*.md' | xargs grep -hoE '^id: Q[0-9]{2}' 2>/dev/null | sed 's/id: //' | sort -u)
  while IFS= read -r line; do
    local number=${line##*:}
    [ "${number:0:1}" = Q ] && grep -qxF "$number" <<<"$questions" && continue
    finding "${line%:*}" "编号“$number”不在清单里（P01–P69、R01–R49，疑问见 questions.md）。"
  done < <({ sources; git -c core.quotePath=false ls-files -- 'packs/dinghai*/*.md'; } | grep -v _test.cpp | xargs grep -noE '\b(P(00|7[0-9]|[89][0-9])|Q[0-9]{2}|R(00|[5-9][0-9]))\b' /dev/null)
}
# Every diagnostic code in the code is explained in docs/errors and shown in a test or golden; and the other way round.
lint_error_codes() {
  local used documented tested code
  used=$(sources | grep -vE '(_test|_fuzz)\.cpp$' | xargs grep -hoE '"[EWN]-[A-Z]+-[0-9]{3}"' | tr -d '"' | sort -u)
  documented=$(cat docs/errors/*.md 2>/dev/null | grep -oE '^### [EWN]-[A-Z]+-[0-9]{3}' | sed 's/### //' | sort -u)
  tested=$(git -c core.quotePath=false ls-files --cached --others --exclude-standard -- '*_test.cpp' '*/golden/*' 'cases/*' | xargs grep -hoE '[EWN]-[A-Z]+-[0-9]{3}' 2>/dev/null | sort -u)
  for code in $(comm -23 <(echo "$used") <(echo "$documented")); do finding docs/errors "缺少 $code 的说明。"; done
  for code in $(comm -13 <(echo "$used") <(echo "$documented")); do finding docs/errors "$code 已无人使用，删去说明。"; done
  for code in $(comm -23 <(echo "$used") <(echo "$tested")); do finding docs/errors "$code 没有出现在任何测试或 golden 里。"; done
}
# Every public type of a door and every field of a pack's register has its row in docs/glossary.
lint_glossary() {
  local words name place
  words=$(cat docs/glossary/*.md 2>/dev/null | grep -oE '`[A-Za-z_]+`' | tr -d '`' | sort -u)
  while IFS=: read -r file line name; do
    place=$file:$line
    grep -qxF "$name" <<<"$words" || finding "$place" "公开名 $name 不在 docs/glossary/ 里。"
  done < <(git -c core.quotePath=false ls-files --cached --others --exclude-standard -- 'engine/*/*.h' 'campaign/*/*.h' 'store/*.h' 'server/*.h' | grep -v /inside/ |
    xargs grep -nE '^(struct|class|enum class) [A-Z][A-Za-z]*' | grep -vE '; *(//.*)?$' | sed -E 's/^([^:]+:[0-9]+):(struct|class|enum class) ([A-Za-z]+).*/\1:\3/')
  while IFS=: read -r file line name; do
    grep -qxF "$name" <<<"$words" || finding "$file:$line" "字段 $name 不在 docs/glossary/ 里。"
  done < <(git -c core.quotePath=false ls-files -- 'packs/*.md' | xargs grep -noE '^ *- \{id: [a-z_0-9]+' /dev/null | sed -E 's/ *- \{id: //')
}
# The web application: one style, no address outside its origin, no number computed on a screen with the arithmetic of doubles.
lint_web() {
  local line
  while IFS= read -r line; do finding "${line%%:http*}" "网页里不写外部地址：${line##*:http}"; done < <(
    git -c core.quotePath=false ls-files -- 'web/src/*.ts' 'web/src/*.vue' 'web/src/*.css' 'web/index.html' | xargs -r grep -noE 'https?://[a-z][^ "'"'"'`)]*' /dev/null | grep -v 'www.w3.org/2000/svg')
  while IFS= read -r line; do finding "$line" "屏幕不直接用颜色和字号，用 styles/tokens.css 里的名字。"; done < <(
    git -c core.quotePath=false ls-files -- 'web/src/screens/*.vue' 'web/src/parts/*.vue' | xargs -r grep -nE '(color|background|fill|stroke): *#[0-9a-f]{3}' /dev/null | cut -d: -f1,2)
}
# Doors of the engine and the campaign stay free of heavy headers; files stay one thing.
lint_headers() {
  local line
  while IFS= read -r line; do finding "${line%:*}" "重头文件不进领域房间的头文件（编译时间）：${line##*:}"; done < <(
    git -c core.quotePath=false ls-files -- 'engine/*.h' 'campaign/*.h' | xargs grep -noE '^#include <(boost|yaml-cpp|nlohmann|spdlog|fmt|unicode|regex|iostream)[^>]*>' /dev/null)
  while IFS= read -r line; do finding "$line" "超过 700 行，大概是两样东西。"; done < <(
    sources | while read -r file; do [ -f "$file" ] && [ "$(wc -l <"$file")" -gt 700 ] && echo "$file:1"; done || true)
}
# The sanitizer and fuzz builds join the sources of a room: a function or type of one file's own has a name of its own in the room.
lint_joined_names() {
  local line
  while IFS= read -r line; do finding "${line%%$'\t'*}" "${line#*$'\t'}"; done < <(
    sources | grep -vE '(_test|_fuzz)\.cpp$|\.h$|^(bench|tests)/' | xargs awk '
      function room_of(path,   part) { split(path, part, "/"); return (part[1] == "engine" || part[1] == "campaign") ? part[1] "/" part[2] : part[1] }
      function meet(name,   key) {
        key = room_of(FILENAME) "\t" name
        if (key in at && at[key] != FILENAME) printf "%s:%d\t%s 在 %s 里也有；房间合并编译时两个名字相撞，改一个名字。\n", FILENAME, FNR, name, at[key]
        else at[key] = FILENAME
      }
      FNR == 1 { own = 0 }
      /^namespace \{/ { own = 1 }
      /^}  ?\/\/ namespace$/ { own = 0 }
      {
        name = ""
        if (own && match($0, /^(struct|class|enum class) [A-Za-z_]+/)) { name = substr($0, RSTART, RLENGTH); sub(/.* /, "", name); if ($0 ~ /;$/) name = "" }
        else if ((own || /^static /) && /^[A-Za-z].*[ *&][a-z_0-9]+\(.*\)( const)? \{$/) {
          head = $0; sub(/\(.*/, "", head); name = head; sub(/.*[ *&]/, "", name)
          kinds = $0; sub(/^[^(]*\(/, "", kinds); sub(/\)[^)]*$/, "", kinds); gsub(/ = [^,]*/, "", kinds); gsub(/ [a-z_0-9]+(,|$)/, ",", kinds)
          name = name "(" kinds ")"
        }
        if (name != "") meet(name)
        # Constants: each of a line.
        if (own && /^(constexpr|const) /) {
          rest = $0
          while (match(rest, /[ *&,]k[A-Z][A-Za-z0-9]*(\[[^]]*\])*( =|\{)/)) {
            one = substr(rest, RSTART + 1, RLENGTH - 1); sub(/[^A-Za-z0-9].*/, "", one)
            meet(one)
            rest = substr(rest, RSTART + RLENGTH)
          }
        }
      }')
}
lint_joined_docs() {
  . dev.d/docs.sh
  docs_command --check || finding docs "docs/errors.md、docs/glossary.md 或 docs/map.md 不是最新；运行 ./dev docs。"
}
lint_command() {
  local check
  lint_findings=0
  for check in lint_arrows lint_clauses lint_web lint_error_codes lint_glossary lint_headers lint_joined_names lint_joined_docs; do $check; done
  [ "${1:-}" = --counted ] || { fmt_command --check || lint_findings=$((lint_findings + 1)); }
  if [ "$lint_findings" -gt 0 ]; then
    say "lint：$lint_findings 处"
    return 1
  fi
  say "lint：无"
}
fmt_command() {
  local program=clang-format-14
  command -v $program >/dev/null || program=clang-format
  command -v $program >/dev/null || { install_packages test; program=clang-format-14; }
  if [ "${1:-}" = --check ]; then
    sources | xargs $program --dry-run -Werror 2>&1 | grep -E 'error:' | head -10 >&2 || true
    ! sources | xargs $program --dry-run -Werror >/dev/null 2>&1 && return 1
    return 0
  fi
  sources | xargs -n 20 $program -i
  [ ! -x "$WEB_NODE" ] || web_node node_modules/prettier/bin/prettier.cjs --log-level warn --write "src/**/*.{ts,vue,css}" "../tests/e2e/*.mjs"
}
