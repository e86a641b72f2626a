// A small sample district that is served, for tests: whoever calls is written in a header.
#pragma once
#include <memory>
#include <string>
#include <thread>

#include "server/api.h"
#include "server/imports.h"
#include "server/inside/test_district.h"
#include "server/service.h"

namespace tenglong::server {

// Who calls is written in a header, so that a test can be anybody.
class ByHeader final : public Callers {
 public:
  explicit ByHeader(District& district) : district_(district) {}
  std::shared_ptr<const Caller> caller(const Request& request) override {
    Caller out;
    const std::string role(request.header("x-role"));
    if (role.empty()) return std::make_shared<const Caller>();
    out.is_signed_in = true;
    out.account = account(role);
    const access::Policy& policy = other_policy == nullptr ? district_.policy() : *other_policy;
    out.scope = policy.scope_of(out.account, consents, district_.options().today());
    return std::make_shared<const Caller>(std::move(out));
  }
  std::string forgery_word(const Request&) override { return {}; }
  access::Account account(const std::string& role) const {
    return {.id = role, .unit = unit, .roles = {role}, .towns = {town}, .firms = {firm}};
  }
  std::string unit, town, firm;
  std::vector<access::Consent> consents = {};
  const access::Policy* other_policy = nullptr;  // instead of the district's

 private:
  District& district_;
};

struct SampleDistrict : TestDistrict {
  explicit SampleDistrict(const std::string& database = {}) : TestDistrict("tenglong_api", 60, database) {
    callers = std::make_unique<ByHeader>(*district);
    const auto edition = district->edition();
    for (const result::SchemeResult& scheme : edition->result->schemes)
      for (const result::Outcome& outcome : scheme.outcomes)
        if (callers->firm.empty() && outcome.standing == result::Standing::Rated) {
          callers->firm = outcome.key;
          callers->town = edition->naming().town(read.pack->scheme(scheme.scheme)->of, outcome.row);
        }
    callers->unit = "区税务局";
    Routes routes;
    routes.add(system_routes(*district, {.metrics = [this] { return service->metrics().text(""); },
                                         .openapi = [this] { return openapi(service->routes(), "1"); }}));
    for (auto* part : {pack_routes,
                       gap_routes,
                       revision_routes,
                       backup_routes,
                       record_routes,
                       result_routes,
                       enterprise_routes,
                       rise_routes,
                       waiting_routes,
                       notice_routes,
                       target_routes,
                       simulation_routes,
                       saved_simulation_routes,
                       robustness_routes,
                       trail_routes,
                       collection_routes,
                       correction_routes,
                       writing_routes,
                       bulk_routes,
                       search_routes})
      routes.add(part(*district));
    routes.add(import_routes(*district, uploads, imports()));
    routes.add(attachment_routes(*district, uploads));
    service = std::make_unique<Service>(std::move(routes), *callers, *kept, assets, log);
    server = std::make_unique<HttpServer>(*service, Listening{.port = 18500});
    thread = std::thread([this] { server->run(false); });
  }
  ~SampleDistrict() {
    server->stop();
    thread.join();
    server.reset();
    service.reset();
    imports_.reset();
  }

  Imports& imports() {
    if (!imports_) imports_ = std::make_unique<Imports>(*district, uploads, folder.string() + "/imports");
    return *imports_;
  }

  Uploads uploads{folder.string() + "/uploads"};
  std::unique_ptr<Imports> imports_;
  std::unique_ptr<ByHeader> callers;
  std::unique_ptr<KeptAnswers> kept = kept_in_memory();
  Assets assets{""};
  Log log{""};
  std::unique_ptr<Service> service;
  std::unique_ptr<HttpServer> server;
  std::thread thread;
};

}  // namespace tenglong::server
