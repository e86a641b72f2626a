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
    exec build/release/bin/tenglong serve --pack packs/dinghai-2021 --overlay packs/sample-overlay --data "$folder" "${port[@]}"
  fi
}
