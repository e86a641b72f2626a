#include "server/in_force.h"

#include <algorithm>

#include "campaign/gap/gap.h"

namespace tenglong::server {

std::vector<revision::Revision> kept_revisions(const store::Store& store) {
  std::vector<revision::Revision> out;
  for (int number = 1;; ++number) {
    const auto kept = store.setting(revision::setting_of(std::to_string(number)));
    if (!kept) return out;
    if (auto read = revision::revision_of(*kept)) out.push_back(std::move(*read));
  }
}

std::vector<revision::Revision> approved_revisions(const store::Store& store) {
  std::vector<revision::Revision> out = kept_revisions(store);
  std::erase_if(out, [](const revision::Revision& one) { return one.stage != revision::Stage::Approved; });
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.effective < b.effective; });
  return out;
}

void take_in_force(District& district) {
  const std::string& id = district.pack().head.id;
  const std::string& folder = district.options().folder;
  const auto& read_pack = district.options().read_pack;
  if (!read_pack) return;
  const std::vector<gap::Fill> fills = gap::fills_of(district.store().setting(gap::kSetting).value_or(""));
  std::vector<Dated> packs;
  std::vector<std::string> revisions;
  // The pack of these revisions with what was filled of its gaps; nothing if it cannot be read.
  const auto take = [&](std::optional<calendar::Date> from, const std::string& revision,
                        const std::string& place) {
    pack::ReadPack read = read_pack(revisions);
    if (!read.pack) return false;
    gap::keep_overlay(place, gap::overlay_of(id, gap::open_gaps(*read.pack), fills));
    std::vector<std::string> folders = revisions;
    if (std::string overlay = gap::overlay_in(place, id); !overlay.empty()) {
      folders.insert(folders.begin(), std::move(overlay));
      read = read_pack(folders);
    }
    if (!read.pack || diagnostic::has_errors(read.diagnostics)) return false;
    packs.push_back({.from = from, .revision = revision, .folders = revisions, .read = std::move(read)});
    return true;
  };
  if (!take({}, "", folder)) return;
  for (const revision::Revision& one : approved_revisions(district.store())) {
    revisions.push_back(revision::keep_files(folder, one, id));
    if (!take(calendar::Date::parse(one.effective), one.id, revision::filled_with(folder, one.id)))
      revisions.pop_back();
  }
  const auto now = district.in_force();
  const bool is_as_it_was =
      now.size() == packs.size() &&
      std::equal(now.begin(), now.end(), packs.begin(), [](const District::InForce& a, const Dated& b) {
        return a.from == b.from && a.revision == b.revision &&
               a.pack->fingerprint == b.read.pack->fingerprint;
      });
  if (!is_as_it_was) district.take(std::move(packs));
}

std::vector<std::string> folders_today(const District& district) {
  std::vector<std::string> out;
  const calendar::Date today = district.options().today();
  for (const District::InForce& one : district.in_force())
    if (!one.from || *one.from <= today) out = one.folders;
  return out;
}

}  // namespace tenglong::server
