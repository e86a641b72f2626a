// tenglong serve, tenglong openapi.
#include <malloc.h>

#include <cstdio>

#include "cli/inside/commands.h"
#include "server/api.h"
#include "server/assets.h"
#include "server/identity.h"
#include "server/imports.h"
#include "server/in_force.h"
#include "server/log.h"
#include "server/oidc.h"
#include "server/service.h"

namespace tenglong::cli {

namespace {

struct Files {
  server::Uploads uploads;
  server::Imports imports;
  Files(server::District& district, const std::string& folder)
      : uploads(folder + "/uploads"), imports(district, uploads, folder + "/imports") {}
};

server::Routes all_routes(server::District& district, server::Identity& identity, Files& files,
                          const server::Running& running, std::shared_ptr<server::Oidc> oidc = nullptr) {
  server::Routes routes;
  routes.add(server::session_routes(identity));
  routes.add(server::oidc_routes(std::move(oidc)));
  routes.add(server::account_routes(identity));
  routes.add(server::system_routes(district, running));
  routes.add(server::backup_routes(district));
  routes.add(server::pack_routes(district));
  routes.add(server::gap_routes(district));
  routes.add(server::revision_routes(district));
  routes.add(server::result_routes(district));
  routes.add(server::enterprise_routes(district));
  routes.add(server::rise_routes(district));
  routes.add(server::waiting_routes(district));
  routes.add(server::notice_routes(district));
  routes.add(server::record_routes(district));
  routes.add(server::target_routes(district));
  routes.add(server::simulation_routes(district));
  routes.add(server::robustness_routes(district));
  routes.add(server::saved_simulation_routes(district));
  routes.add(server::trail_routes(district));
  routes.add(server::import_routes(district, files.uploads, files.imports));
  routes.add(server::attachment_routes(district, files.uploads));
  routes.add(server::collection_routes(district));
  routes.add(server::correction_routes(district));
  routes.add(server::writing_routes(district));
  routes.add(server::bulk_routes(district));
  routes.add(server::search_routes(district));
  return routes;
}

server::DistrictOptions district_options(const Common& common) {
  server::DistrictOptions out{
      .folder = common.folder(), .data = common.data, .today = today, .now = now_text};
  out.read_pack = [common](const std::vector<std::string>& more) {
    std::vector<std::string> overlays = common.overlays;
    overlays.insert(overlays.end(), more.begin(), more.end());
    return pack::read_pack(common.pack, overlays);
  };
  if (!common.period.empty()) out.period = calendar::Period::parse(common.period);
  return out;
}

void print_accounts(const Session& session, const std::vector<server::SampleAccount>& samples,
                    bool needs_set_up) {
  if (needs_set_up)
    std::printf("%s\n", say(session.language(), "还没有账号：在本机打开上面的地址，先设三员。",
                            "There are no accounts yet: open the address on this machine and set them up.")
                            .c_str());
  if (samples.empty()) return;
  std::printf("%s %s\n",
              say(session.language(), "样例账号（仅样例区县），口令都是",
                  "样例 Sample accounts, each with the password")
                  .c_str(),
              server::kSamplePassword);
  for (const server::SampleAccount& one : samples)
    std::printf("  %-18s %s\n", one.id.c_str(), one.role.c_str());
}

}  // namespace

Exit openapi(Session& session) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  server::District district(*pack, session.store(), district_options(session.common()));
  server::Identity identity(district, {});
  Files files(district, session.common().folder());
  std::fputs(server::openapi(all_routes(district, identity, files, {}), pack->head.version).c_str(), stdout);
  return Exit::Ok;
}

// Of the allocator: more would keep what answers of many threads took, a sixth of the whole at 200,000 firms.
constexpr int kArenas = 2;

Exit serve(Session& session, const ServeOptions& options) {
  mallopt(M_ARENA_MAX, kArenas);
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  server::District district(*pack, session.store(), district_options(session.common()));
  server::take_in_force(district);
  // The sample district shows itself to everybody; any other is entered by accounts of its own alone.
  const bool is_sample = session.store().setting("sample").has_value();
  std::vector<server::SampleAccount> samples;
  if (is_sample) samples = server::sample_accounts(district);
  server::Identity identity(district,
                            {.is_secure = !options.tls_cert.empty(), .second_factor_wanted = !is_sample});
  Files files(district, session.common().folder());
  files.uploads.remove_older_than(2 * 86400);
  const server::ReadOidcSettings provider =
      server::read_oidc_settings(session.common().folder() + "/oidc.json");
  print_diagnostics(provider.diagnostics, session.common());
  if (diagnostic::has_errors(provider.diagnostics)) return Exit::Findings;
  const auto oidc =
      provider.settings ? std::make_shared<server::Oidc>(identity, *provider.settings) : nullptr;
  const auto kept = server::kept_in_store(session.store(), [&] { return identity.now(); });
  const server::Assets assets(options.web);
  server::Log log(options.log.empty() ? session.common().folder() + "/log/requests.jsonl" : options.log);
  std::string description;
  std::function<std::string()> metrics;
  server::Service service(
      all_routes(district, identity, files,
                 {.metrics = [&] { return metrics(); }, .openapi = [&] { return description; }}, oidc),
      identity, *kept, assets, log);
  description = server::openapi(service.routes(), pack->head.version);
  server::HttpServer server(service, {.address = options.address,
                                      .port = options.port > 0 ? options.port : 8020,
                                      .or_next_free = options.port == 0,
                                      .tls_cert = options.tls_cert,
                                      .tls_key = options.tls_key});
  metrics = [&] {
    const store::Size size = session.store().size();
    return service.metrics().text("# TYPE tenglong_queue_waiting gauge\ntenglong_queue_waiting " +
                                  std::to_string(server.workers().waiting()) +
                                  "\n# TYPE tenglong_workers_busy gauge\ntenglong_workers_busy " +
                                  std::to_string(server.workers().working()) +
                                  "\n# TYPE tenglong_writes_waiting gauge\ntenglong_writes_waiting " +
                                  std::to_string(server.writers().waiting()) +
                                  "\n# TYPE tenglong_writers_busy gauge\ntenglong_writers_busy " +
                                  std::to_string(server.writers().working()) +
                                  "\n# TYPE tenglong_store_statements gauge\ntenglong_store_statements " +
                                  std::to_string(size.statements) +
                                  "\n# TYPE tenglong_store_bytes gauge\ntenglong_store_bytes " +
                                  std::to_string(size.bytes) + "\n");
  };
  std::printf("%s http%s://%s:%d/  %s\n", say(session.language(), "打开", "Open").c_str(),
              options.tls_cert.empty() ? "" : "s", options.address.c_str(), server.port(),
              say(session.language(), "（Ctrl-C 结束）", "(Ctrl-C ends it)").c_str());
  print_accounts(session, samples, identity.needs_set_up());
  std::fflush(stdout);
  server.run();
  return Exit::Ok;
}

}  // namespace tenglong::cli
