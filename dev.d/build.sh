# Two build trees: release (what users run) and sanitize (unity, with address and undefined-behaviour checks).
configure() { # tree, cmake arguments
  local tree=$1
  shift
  # Again when the packages of the tests have come since.
  local stage=build
  [ "$(dpkg-query -W -f='${db:Status-Status}' libgtest-dev 2>/dev/null || true)" = installed ] && stage=test
  [ -f "build/$tree/build.ninja" ] && [ "$(cat "build/$tree/.stage" 2>/dev/null)" = "$stage" ] && return 0
  export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
  logged "build/log/configure-$tree.log" cmake -S . -B "build/$tree" -G Ninja -DCMAKE_CXX_COMPILER_LAUNCHER=ccache "$@" ||
    die "cmake 配置失败。" "详见 build/log/configure-$tree.log"
  printf '%s' "$stage" >"build/$tree/.stage"
}
build_tree() { # tree, ninja targets
  local tree=$1
  shift
  export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
  shown "build/log/build-$tree.log" ninja -C "build/$tree" "$@" ||
    die "编译失败（$tree）。" "详见上文或 build/log/build-$tree.log"
}
build_release() {
  configure release -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="-O2"
  build_tree release "$@"
}
build_sanitize() {
  configure sanitize -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG="-O1 -g1" -DTENGLONG_SANITIZE=ON \
    -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=6
  build_tree sanitize "$@"
}
build_command() {
  local tree=release target=all
  while [ $# -gt 0 ]; do
    case $1 in
      --debug) tree=sanitize ;;
      --quiet) QUIET=1 ;;
      -*) die "build 没有选项 $1。" ;;
      *) target=$1 ;;
    esac
    shift
  done
  install_packages test
  step "编译 $target（$tree）"
  "build_$tree" "$target"
  step_done
}
