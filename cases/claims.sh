# claim "what" command...: prints ok or not ok; the command's output only if it failed.
claim() {
  local what=$1 out
  shift
  if out=$("$@" 2>&1); then
    printf 'ok %s\n' "$what"
  else
    printf 'not ok %s\n%s\n' "$what" "$out" | head -20
  fi
}
refused() { ! "$@"; }
says() { grep -q -- "$1" "$2"; }
