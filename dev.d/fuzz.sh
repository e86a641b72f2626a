# One target for so many seconds. libFuzzer's limit for an input is of the wall clock, so a pause of the machine looks like a
# slow input: an input that keeps its time when it runs alone is no finding, and the target goes on with what is left.
fuzz_one() { # name, seconds; limits and inputs are the caller's
  local name=$1 seconds=$2 program=build/fuzz/bin/$1 start=$SECONDS left artifact
  : >"build/log/$name.log"
  while left=$((seconds - SECONDS + start)) && [ "$left" -gt 0 ]; do
    rm -f "build/fuzz/$name-timeout-"*
    # A small quarantine: the limit is of what an input takes, not of what was freed before it.
    ASAN_OPTIONS=quarantine_size_mb=16 "$program" -artifact_prefix="build/fuzz/$name-" "${limits[@]}" -max_total_time="$left" "${inputs[@]}" \
      >>"build/log/$name.log" 2>&1 </dev/null && return 0
    artifact=$(find build/fuzz -maxdepth 1 -name "$name-timeout-*" | head -1)
    [ -n "$artifact" ] && "$program" "${limits[@]}" "$artifact" >>"build/log/$name.log" 2>&1 </dev/null || return 1
  done
}
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
  local source name
  for source in $targets; do build_tree fuzz "$(basename "$source" .cpp)"; done
  # As many at once as there are processors; what came of each is told in order.
  for source in $targets; do
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n || true; done
    fuzz_target "$source" "$1" &
  done
  wait
  for source in $targets; do
    name=$(basename "$source" .cpp)
    if [ -f "build/fuzz/$name.clean" ]; then
      count_result "$name $(cat "build/fuzz/$name.clean")" 1 0 ""
    else
      tail -25 "build/log/$name.log" >&2
      count_result "$name" 0 1 "build/fuzz/bin/$name <artifact>"
    fi
  done
}
# Leaves <name>.clean, with how long it ran, if nothing was found.
fuzz_target() { # source, long
  local name folder seconds=20
  name=$(basename "$1" .cpp)
  folder=$(dirname "$1")
  rm -f "build/fuzz/$name.clean"
  if [ "$2" != 0 ]; then
    case $name in feel_fuzz | json_fuzz | dmn_fuzz) seconds=1800 ;; *) seconds=1200 ;; esac
  fi
  mkdir -p "build/fuzz/corpus/$name"
  local limits=(-timeout=5 -rss_limit_mb=2048) inputs=(-print_final_stats=1 -verbosity=0)
  # A target with a bar of its own says so: seconds and MiB an input may take.
  [ ! -f "$folder/$name.options" ] || limits+=($(cat "$folder/$name.options"))
  [ ! -f "$folder/$name.dict" ] || inputs+=(-dict="$folder/$name.dict")
  inputs+=("build/fuzz/corpus/$name")
  [ ! -d "$folder/seeds/$name" ] || inputs+=("$folder/seeds/$name")
  ! fuzz_one "$name" "$seconds" || echo "${seconds}s" >"build/fuzz/$name.clean"
}
