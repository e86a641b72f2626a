# libFuzzer targets (*_fuzz.cpp): the seeds, then 20 seconds each; with --long 20 CPU minutes each, and 30 for the language
# and the standard's models.
fuzz_all() { # long
  local targets
  targets=$(find engine campaign store server tck verify -name '*_fuzz.cpp' 2>/dev/null | sort)
  [ -n "$targets" ] || return 0
  if [ ! -f build/fuzz/build.ninja ]; then
    logged build/log/configure-fuzz.log cmake -S . -B build/fuzz -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="-O1 -g1" \
      -DCMAKE_CXX_COMPILER=clang++-14 -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DTENGLONG_FUZZ=ON -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=6 ||
      die "cmake 配置失败（fuzz）。" "详见 build/log/configure-fuzz.log"
  fi
  local source name folder seconds=20
  for source in $targets; do
    name=$(basename "$source" .cpp)
    folder=$(dirname "$source")
    if [ "$1" != 0 ]; then
      case $name in feel_fuzz | json_fuzz | dmn_fuzz) seconds=1800 ;; *) seconds=1200 ;; esac
    fi
    build_tree fuzz "$name"
    mkdir -p "build/fuzz/corpus/$name"
    local arguments=(-timeout=5 -rss_limit_mb=2048 -max_total_time="$seconds" -print_final_stats=0 -verbosity=0)
    # A target with a bar of its own says so: seconds and MiB an input may take.
    [ ! -f "$folder/$name.options" ] || arguments+=($(cat "$folder/$name.options"))
    [ -f "$folder/$name.dict" ] && arguments+=(-dict="$folder/$name.dict")
    [ -d "$folder/seeds/$name" ] && arguments+=("build/fuzz/corpus/$name" "$folder/seeds/$name") || arguments+=("build/fuzz/corpus/$name")
    if "build/fuzz/bin/$name" -artifact_prefix="build/fuzz/$name-" "${arguments[@]}" >"build/log/$name.log" 2>&1 </dev/null; then
      count_result "$name ${seconds}s" 1 0 ""
    else
      tail -25 "build/log/$name.log" >&2
      count_result "$name ${seconds}s" 0 1 "build/fuzz/bin/$name <artifact>"
    fi
  done
}
