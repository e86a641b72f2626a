# Installs what dev.d/packages.txt names and this machine lacks. Asks nothing.
install_packages() { # build | test
  local wanted
  wanted=$(awk -v stage="$1" '!/^#/ && NF && ($1 == "build" || stage == "test") { for (i = 2; i <= NF; i++) print $i }' dev.d/packages.txt)
  install_named $wanted
}
install_named() { # packages
  local package missing=()
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  step "安装 ${#missing[@]} 个软件包：${missing[*]}"
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "缺少软件包，而当前不是 root，也没有 sudo。" "以 root 运行，或先安装：apt-get install ${missing[*]}"
    as_root=(sudo -n)
    sudo -n true 2>/dev/null || as_root=(sudo)
  fi
  local log=build/log/apt.log
  logged "$log" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q ||
    die "apt-get update 失败。" "检查软件源与网络；详见 $log"
  logged "$log" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" ||
    die "软件包安装失败。" "详见 $log"
  step_done
}
