# All tests: rooms in release and under sanitizers, policy cases, end to end, lint, fuzz seeds. Ends with "N passed, N failed".
passed=0 failed=0 failures=()
count_result() { # name, passed, failed, how to rerun
  passed=$((passed + $2))
  failed=$((failed + $3))
  if [ "$3" -gt 0 ]; then failures+=("$1：$3 个未通过；重跑：$4"); fi
  say "$(printf '  %-28s %5d 通过 %3d 未通过' "$1" "$2" "$3")"
}
# One test program; its counts come from the JUnit file it writes. No file: it crashed, which is one failure.
run_program() { # tree, room, gtest arguments
  local tree=$1 room=$2 program=build/$1/bin/$2_test report=build/$1/report/$2.xml tests=0 bad=0
  shift 2
  [ -x "$program" ] || return 0
  mkdir -p "$(dirname "$report")"
  rm -f "$report"
  if ! "$program" --gtest_brief=1 --gtest_output="xml:$report" "$@" >"build/log/$tree-$room.log" 2>&1 </dev/null; then
    grep -E '^(\[  FAILED|.*Failure|.*ERROR: AddressSanitizer|.*runtime error)' "build/log/$tree-$room.log" | head -20 >&2 || true
  fi
  if [ -f "$report" ]; then
    read -r tests bad < <(sed -n 's/.*<testsuites tests="\([0-9]*\)" failures="\([0-9]*\)".*errors="\([0-9]*\)".*/\1 \2/p' "$report" | head -1)
    grep -qE 'ERROR: (Address|Leak)Sanitizer|runtime error' "build/log/$tree-$room.log" && bad=$((bad + 1)) && tests=$((tests + 1))
  else
    tests=1 bad=1
    tail -20 "build/log/$tree-$room.log" >&2
  fi
  count_result "$room（$tree）" "$((tests - bad))" "$bad" "./dev test $room"
}
test_command() {
  local only names=() long=0 filter=()
  while [ $# -gt 0 ]; do
    case $1 in
      --accept) export ACCEPT=1 ;;
      --long) long=1 ;;
      --quiet) QUIET=1 ;;
      --as) export TENGLONG_AS=${2:?--as 要一个设置}; shift ;;
      --filter) filter=("--gtest_filter=$2"); shift ;;
      -*) die "test 没有选项 $1。" "./dev 列出全部选项" ;;
      *) names+=("$1") ;;
    esac
    shift
  done
  [ "$long" = 0 ] || export TENGLONG_LONG=1
  [ "$long" = 0 ] || install_named libreoffice-calc-nogui
  mkdir -p build/log
  install_packages test
  local rooms
  rooms=$(find engine campaign store server cli tck verify tests/faults -name '*_test.cpp' 2>/dev/null | sed -E 's,^(engine|campaign|tests)/([a-z]+)/.*,\2,; s,^(store|server|cli|tck|verify)/.*,\1,' | sort -u)
  for only in "${names[@]}"; do test_one "$only"; done
  if [ "${#names[@]}" = 0 ]; then
    step "编译（release）"
    build_release all
    step_done
    step "房间测试（release）"
    for room in $rooms; do run_program release "$room"; done
    step_done
    step "检查箭头、术语、条款、错误代码"
    . dev.d/lint.sh
    if lint_command --counted; then count_result lint 1 0 ./dev lint; else count_result lint 0 1 "./dev lint"; fi
    step "网页应用"
    web_test
    web_build
    step_done
    step "端到端"
    for case_file in cases/*.sh; do
      case $case_file in cases/claims.sh | cases/serving.sh) continue ;; esac
      # Minutes of a spreadsheet program.
      [ "$case_file" = cases/office.sh ] && [ "$long" = 0 ] && continue
      [ -f "$case_file" ] && run_case "$(basename "$case_file" .sh)"
    done
    step_done
    step "编译（sanitize）"
    build_sanitize all
    step_done
    step "房间测试（sanitize）"
    for room in $rooms; do run_program sanitize "$room"; done
    step_done
    step "模糊测试"
    . dev.d/fuzz.sh
    fuzz_all "$long"
    step_done
  fi
  local line
  for line in "${failures[@]:-}"; do [ -z "$line" ] || printf '%s\n' "$line" >&2; done
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}
# A room, a case, or the web application. `rooms` and `filter` are the caller's.
test_one() { # name
  local name=$1
  if grep -qx "$name" <<<"$rooms"; then
    step "编译 $name"
    build_release "${name}_test"
    step_done
    run_program release "$name" "${filter[@]}"
    [ "$name" != tck ] || cat build/tck_table.txt
  elif [ "$name" = web ]; then
    web_test
  else
    [ -f "cases/$name.sh" ] || die "没有房间或案例“$name”。" "房间：$(tr '\n' ' ' <<<"$rooms")；案例：$(cd cases && ls ./*.sh | sed 's,^\./,,; s,\.sh,,' | tr '\n' ' ')"
    build_release tenglong tenglong-verify with_postgres
    case $name in pages*) web_build ;; esac
    run_case "$name"
  fi
}
# A case is a bash script that prints "ok what" or "not ok what" a line.
run_case() {
  local name=$1 log=build/log/case-$1.log good bad
  local runner=()
  [[ ${TENGLONG_AS:-} != *store=postgres* ]] || runner=(build/release/bin/with_postgres)
  "${runner[@]}" bash "cases/$name.sh" >"$log" 2>&1 </dev/null || printf 'not ok script ended with an error\n' >>"$log"
  good=$(grep -c '^ok ' "$log" || true)
  bad=$(grep -c '^not ok ' "$log" || true)
  [ "$((good + bad))" -gt 0 ] || bad=1
  grep -A8 '^not ok ' "$log" >&2 || true
  count_result "案例 $name" "$good" "$bad" "./dev test $name"
}
