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
# Where a case keeps its records: the folder, or under --as store=postgres a database named after it.
place() {
  if [ -z "${TENGLONG_TEST_DATABASE:-}" ]; then
    printf '%s' "$1"
    return
  fi
  local name
  name=p_$(basename "$1" | tr -c 'a-z0-9\n' _)
  psql -qX "$TENGLONG_TEST_DATABASE" -c "create database $name template template0 encoding 'UTF8'" >/dev/null 2>&1
  printf '%s dbname=%s' "${TENGLONG_TEST_DATABASE% dbname=*}" "$name"
}
