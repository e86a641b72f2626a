# Workloads beside a hand-written loop, in one run; figures are ratios.
bench_command() {
  local only=${1:-}
  install_packages test
  step "编译"
  build_release all
  step_done
  printf '机器：%s，%s 核，%s\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)" "$(nproc)" "$(awk '/MemTotal/ {printf "%.0f GiB", $2/1048576}' /proc/meminfo)"
  local program
  for program in build/release/bin/bench_*; do
    [ -x "$program" ] || continue
    [ -z "$only" ] || [ "$(basename "$program")" = "bench_$only" ] || continue
    printf '\n%s\n' "$(basename "$program")"
    "$program"
  done
  if [ -z "$only" ] || [ "$only" = page ]; then
    web_build
    printf '\npage\n'
    bash bench/page/page.sh
  fi
}
