#include <unistd.h>

#include "engine/intake/intake.h"
#include "engine/sample/sample.h"
#include "server/inside/test_district.h"

namespace tenglong::server {

TestDistrict::TestDistrict(const std::string& name, std::int64_t firms, std::string in)
    : folder(std::filesystem::temp_directory_path() / (name + "_" + std::to_string(getpid()))),
      where(in.empty() ? folder.string() : std::move(in)) {
  std::filesystem::remove_all(folder);
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
  const sample::Options how{.firms = static_cast<decltype(sample::Options::firms)>(firms), .seed = 7};
  store = store::open_store(where, pack.head.area, pack.schema, access::Scope::whole_district("operator"));
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
  open();
}

TestDistrict::~TestDistrict() {
  close();
  std::filesystem::remove_all(folder);
}

void TestDistrict::open() {
  if (store == nullptr) {
    store = store::open_store(where, read.pack->head.area, read.pack->schema,
                              access::Scope::whole_district("operator"));
    store->act_as({.account = "test"});
  }
  DistrictOptions options;
  options.folder = folder.string();
  options.data = where;
  options.today = [this] { return calendar::Date::from_days(today); };
  options.looks_every = std::chrono::milliseconds(50);
  options.now = [] { return std::string("2023-10-01T09:00:00+08:00"); };
  options.read_pack = [](const std::vector<std::string>& more) {
    std::vector<std::string> overlays = {SOURCE_DIR "/packs/sample-overlay"};
    overlays.insert(overlays.end(), more.begin(), more.end());
    return pack::read_pack(SOURCE_DIR "/packs/dinghai-2021", overlays);
  };
  district = std::make_unique<District>(*read.pack, *store, std::move(options));
}

void TestDistrict::close() {
  district.reset();
  store.reset();
}

}  // namespace tenglong::server
