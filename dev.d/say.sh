# Progress for people: a line a step on a terminal, plain lines without one, nothing with --quiet.
QUIET=${QUIET:-0}
step_started=0
say() { [ "$QUIET" = 1 ] || printf '%s\n' "$*" >&2; }
step() {
  step_started=$SECONDS
  [ "$QUIET" = 1 ] || printf '· %s\n' "$*" >&2
}
step_done() { [ "$QUIET" = 1 ] || printf '  完成，%d 秒\n' "$((SECONDS - step_started))" >&2; }
die() {
  printf '错误：%s\n' "$1" >&2
  [ -z "${2:-}" ] || printf '建议：%s\n' "$2" >&2
  exit 1
}
# Runs a command with its output in a log; on failure shows the end of the log.
logged() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  if ! "$@" >"$log" 2>&1 </dev/null; then
    tail -n 40 "$log" >&2
    return 1
  fi
}
# Like logged, with ninja's progress on a terminal.
shown() {
  local log=$1
  shift
  if [ "$QUIET" = 0 ] && [ -t 2 ]; then "$@" >&2; else logged "$log" "$@"; fi
}
