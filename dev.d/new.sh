# Starts something from a template, with its test and its README.
new_command() {
  local kind=${1:-} name=${2:-}
  [ -n "$kind" ] && [ -n "$name" ] || die "用法：./dev new room|pack|decision <name>"
  case $kind in
    room)
      [[ $name =~ ^[a-z]+$ ]] || die "房间名是一个小写英文词。"
      grep -q "^$name *:" rooms.txt || die "rooms.txt 里还没有“$name”。" "先在 rooms.txt 写一行“$name : 它可以引用的房间”"
      local folder=engine/$name
      [ ! -e "$folder" ] || die "$folder 已经存在。"
      mkdir -p "$folder/golden"
      printf 'room(%s)\n' "$folder" >"$folder/CMakeLists.txt"
      printf '# %s\n\n**进来** …\n**出去** …\n**从不** …\n\n从 `%s.h` 读起。\n' "$name" "$name" >"$folder/README.md"
      printf '// What this room does, in one sentence.\n//\n// In:    …\n// Out:   …\n// Never: …\n#pragma once\n\nnamespace tenglong::%s {}\n' "$name" >"$folder/$name.h"
      printf '#include "engine/%s/%s.h"\n\n#include <gtest/gtest.h>\n\nnamespace tenglong::%s {\nnamespace {\n\nTEST(%s, SaysWhatItDoes) { FAIL() << "write the first case"; }\n\n}  // namespace\n}  // namespace tenglong::%s\n' \
        "$name" "$name" "$name" "${name^}" "$name" >"$folder/${name}_test.cpp"
      say "$folder 已建立；./dev test $name"
      ;;
    pack)
      [ ! -e "packs/$name" ] || die "packs/$name 已经存在。"
      mkdir -p "packs/$name/cases"
      printf '# %s\n\n```yaml pack\nid: %s\nname: 县区行动名称\ndocument: 文号\narea: "000000"\nvalid_from: 2024-01-01\nvalid_to: 2024-12-31\nincludes: [standard]\nrounding: {places: 6, mode: half_up}\n```\n' "$name" "${name//-/_}" >"packs/$name/pack.md"
      printf '# 疑问\n' >"packs/$name/questions.md"
      say "packs/$name 已建立；tenglong check packs/$name"
      ;;
    decision)
      local number
      number=$(printf '%04d' "$(($(find docs/decisions -name '[0-9]*.md' | wc -l) + 1))")
      printf '# %s %s\n\n**情形** …\n\n**选择** …\n\n**放弃了什么** …\n\n**怎样发现选错了** …\n' "$number" "$name" >"docs/decisions/$number-$name.md"
      say "docs/decisions/$number-$name.md"
      ;;
    *) die "不知道怎样新建“$kind”。" "room、pack 或 decision" ;;
  esac
}
