# Joins docs/errors/*.md and docs/glossary/*.md, and draws the rooms of docs/map.md from rooms.txt.
joined_errors() {
  printf '# 错误代码\n\n每个代码一节：什么意思、一个例子、怎样改。代码不再使用后不会另作他用。由 `./dev docs` 汇集自 docs/errors/。\n'
  local file
  for file in docs/errors/*.md; do
    [ -f "$file" ] || continue
    printf '\n## %s\n\n' "$(basename "$file" .md)"
    grep -vE '^# ' "$file" | sed -e '/./,$!d'
  done
}
joined_glossary() {
  printf '# 术语\n\n一个词，一种写法，处处相同：C++、SQL、JSON、TypeScript、政策包。由 `./dev docs` 汇集自 docs/glossary/。\n'
  local file
  for file in docs/glossary/*.md; do
    [ -f "$file" ] || continue
    printf '\n## %s\n\n' "$(basename "$file" .md)"
    grep -vE '^# ' "$file" | sed -e '/./,$!d'
  done
}
joined_map() {
  sed -n '1,/^<!-- rooms -->$/p' docs/map.md
  printf '\n```\n'
  grep -E '^[a-z]+ *:' rooms.txt
  printf '```\n\n'
  sed -n '/^<!-- end rooms -->$/,$p' docs/map.md
}
docs_command() {
  local name wrong=0
  for name in errors glossary map; do
    local now
    now=$("joined_$name")
    if [ "${1:-}" = --check ]; then
      [ "$now" = "$(cat "docs/$name.md" 2>/dev/null)" ] || wrong=1
    else
      printf '%s\n' "$now" >"docs/$name.md"
    fi
  done
  return $wrong
}
