// A small sample district that is served, for tests: whoever calls is written in a header.
#pragma once
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "engine/intake/intake.h"
#include "engine/sample/sample.h"
#include "server/api.h"
#include "server/imports.h"
#include "server/service.h"

namespace tenglong::server {

namespace fs = std::filesystem;

// Who calls is written in a header, so that a test can be anybody.
class ByHeader final : public Callers {
 public:
  explicit ByHeader(District& district) : district_(district) {}
  Caller caller(const Request& request) override {
    Caller out;
    const std::string role(request.header("x-role"));
    if (role.empty()) return out;
    out.is_signed_in = true;
    out.account = account(role);
    out.scope = district_.policy().scope_of(out.account, {}, district_.options().today());
    return out;
  }
  std::string forgery_word(const Request&) override { return {}; }
  access::Account account(const std::string& role) const {
    return {.id = role, .unit = unit, .roles = {role}, .towns = {town}, .firms = {firm}};
  }
  std::string unit, town, firm;

 private:
  District& district_;
};

struct SampleDistrict {
  SampleDistrict() : folder(fs::temp_directory_path() / ("tenglong_api_" + std::to_string(getpid()))) {
    fs::remove_all(folder);
    read = pack::read_pack(SOURCE_DIR "/packs/dinghai-2021", {SOURCE_DIR "/packs/sample-overlay"});
    const pack::Pack& pack = *read.pack;
    sample::Place place{.area = pack.head.area};
    for (const schema::Codes& codes : pack.schema.codes) {
      if (codes.level == "town")
        for (const schema::CodeEntry& entry : codes.entries)
          if (entry.code != pack.head.area)
            place.towns.push_back(
                {entry.code, entry.name, entry.aliases.empty() ? entry.name : entry.aliases.front()});
      if (codes.id == "park")
        for (const schema::CodeEntry& entry : codes.entries) place.parks.push_back(entry.name);
    }
    const sample::Options how{.firms = 60, .seed = 7};
    store = store::open_store(folder.string(), pack.head.area, pack.schema,
                              access::Scope::whole_district("operator"));
    store->act_as({.account = "test"});
    for (const sample::File& file :
         sample::write_workbooks(sample::make_district(place, how), how, (folder / "sample").string(), {}))
      intake::import_file(
          file.path, pack.schema, store->registers(),
          {.provider = file.provider,
           .submitter = "样例",
           .received_at = "2023-05-06T09:10:11+08:00",
           .document = file.document,
           .mark = "样例数据",
           .register_id = file.register_id.empty() ? std::nullopt : std::optional(file.register_id)});
    district = std::make_unique<District>(
        pack, *store,
        DistrictOptions{.folder = folder.string(),
                        .data = folder.string(),
                        .today =
                            [] {
                              return calendar::Date{2023, 10, 1};
                            },
                        .now = [] { return std::string("2023-10-01T09:00:00+08:00"); },
                        .read_pack =
                            [](const std::vector<std::string>& more) {
                              std::vector<std::string> overlays = {SOURCE_DIR "/packs/sample-overlay"};
                              overlays.insert(overlays.end(), more.begin(), more.end());
                              return pack::read_pack(SOURCE_DIR "/packs/dinghai-2021", overlays);
                            }});
    callers = std::make_unique<ByHeader>(*district);
    const auto edition = district->edition();
    for (const result::SchemeResult& scheme : edition->result->schemes)
      for (const result::Outcome& outcome : scheme.outcomes)
        if (callers->firm.empty() && outcome.standing == result::Standing::Rated) {
          callers->firm = outcome.key;
          callers->town = edition->naming().town(pack.scheme(scheme.scheme)->of, outcome.row);
        }
    callers->unit = "区税务局";
    Routes routes;
    routes.add(system_routes(*district, {.metrics = [this] { return service->metrics().text(""); },
                                         .openapi = [this] { return openapi(service->routes(), "1"); }}));
    for (auto* part : {pack_routes, gap_routes, revision_routes, backup_routes, record_routes, result_routes,
                       enterprise_routes, target_routes, simulation_routes, trail_routes, collection_routes,
                       writing_routes, search_routes})
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
    district.reset();
    store.reset();
    fs::remove_all(folder);
  }

  Imports& imports() {
    if (!imports_) imports_ = std::make_unique<Imports>(*district, uploads, folder.string() + "/imports");
    return *imports_;
  }

  fs::path folder;
  Uploads uploads{
      (fs::temp_directory_path() / ("tenglong_api_uploads_" + std::to_string(getpid()))).string()};
  std::unique_ptr<Imports> imports_;
  pack::ReadPack read;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<District> district;
  std::unique_ptr<ByHeader> callers;
  std::unique_ptr<KeptAnswers> kept = kept_in_memory();
  Assets assets{""};
  Log log{""};
  std::unique_ptr<Service> service;
  std::unique_ptr<HttpServer> server;
  std::thread thread;
};

}  // namespace tenglong::server
