# The page in a browser, where there is one, once the server answers.
open_browser() {
  [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && command -v xdg-open >/dev/null || return 0
  (
    for _ in $(seq 150); do
      curl -sf -o /dev/null "http://127.0.0.1:$1/health" && exec xdg-open "http://127.0.0.1:$1/"
      sleep 0.2
    done
  ) >/dev/null 2>&1 &
}
# The main job, from nothing to a page: build, check, sample, import, run, report, serve.
run_command() {
  local fresh=() serve=auto firms=2000 seed=2021 port=() folder=data
  while [ $# -gt 0 ]; do
    case $1 in
      --fresh) fresh=(--fresh) ;;
      --no-serve) serve=no ;;
      --firms) firms=${2:?--firms 要一个数}; shift ;;
      --seed) seed=${2:?--seed 要一个数}; shift ;;
      --port) port=(--port "${2:?--port 要一个数}"); shift ;;
      --data) folder=${2:?--data 要一个文件夹}; shift ;;
      --quiet) QUIET=1 ;;
      *) die "run 没有选项 $1。" "./dev 列出全部选项" ;;
    esac
    shift
  done
  install_packages build
  step "编译"
  build_release tenglong
  step_done
  web_build
  if [ "$serve" = auto ]; then
    if [ -t 1 ]; then serve=yes; else serve=no; fi
  fi
  local quiet=()
  [ "$QUIET" = 0 ] || quiet=(--quiet)
  build/release/bin/tenglong district --pack packs/dinghai-2021 --overlay packs/sample-overlay --data "$folder" \
    --firms "$firms" --seed "$seed" "${fresh[@]}" "${quiet[@]}"
  if [ "$serve" = yes ]; then
    open_browser "${port[1]:-8020}"
    exec build/release/bin/tenglong serve --pack packs/dinghai-2021 --overlay packs/sample-overlay --data "$folder" "${port[@]}"
  fi
}
