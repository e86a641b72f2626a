#include "server/district.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "engine/fingerprint/fingerprint.h"
#include "engine/run/run.h"
#include "engine/text/json_writer.h"

namespace tenglong::server {

namespace {

access::Policy policy_of(const pack::Pack& pack) {
  diagnostic::Diagnostics told;
  access::Policy policy = access::Policy::compile(pack, told);
  if (diagnostic::has_errors(told))
    throw std::runtime_error(diagnostic::render(told, diagnostic::source_lines_from_disk(), {}));
  return policy;
}

std::optional<calendar::Period> latest_year(const pack::Pack& pack, const column::Snapshot& snapshot) {
  std::optional<calendar::Period> latest;
  const auto look = [&](const std::string& register_id) {
    const column::Table* table = snapshot.find(register_id);
    if (table == nullptr) return;
    for (const auto& period : table->period.distinct())
      if (period && (!latest || latest->to < period->to)) latest = period;
  };
  for (const pack::Scheme& scheme : pack.schemes) look(scheme.of);
  for (const pack::Roster& roster : pack.rosters) look(roster.of);
  return latest;
}

}  // namespace

std::string published_setting(const std::string& period) { return store::kPublishedSetting + period; }

District::District(const pack::Pack& pack, store::Store& store, DistrictOptions options)
    : pack_(&pack), store_(store), options_(std::move(options)), policy_(policy_of(pack)) {
  renew();
}
District::~District() = default;

std::shared_ptr<const Edition> District::edition() {
  const std::lock_guard lock(mutex_);
  return now_;
}

std::vector<std::string> District::years() const {
  std::set<std::string> out;
  std::shared_ptr<const Edition> now;
  {
    const std::lock_guard lock(mutex_);
    now = now_;
  }
  for (const pack::Scheme& scheme : pack().schemes)
    if (const column::Table* table = now->snapshot->find(scheme.of))
      for (const auto& period : table->period.distinct())
        if (period) out.insert(period->to_string());
  return {out.rbegin(), out.rend()};
}

std::shared_ptr<const Edition> District::edition_of(const std::string& period) {
  std::shared_ptr<const Edition> now = edition();
  if (period.empty() || (now->period && now->period->to_string() == period)) return now;
  const auto years_there = years();
  if (std::find(years_there.begin(), years_there.end(), period) == years_there.end()) return nullptr;
  const std::lock_guard making(making_);
  for (const auto& [name, edition] : others_)
    if (name == period && edition->snapshot == now->snapshot) return edition;
  auto made = make(now->snapshot, calendar::Period::parse(period));
  std::erase_if(
      others_, [&](const auto& one) { return one.first == period || one.second->snapshot != now->snapshot; });
  constexpr std::size_t kMostKept = 4;
  if (others_.size() >= kMostKept) others_.erase(others_.begin());
  others_.emplace_back(period, made);
  return made;
}

void District::renew() {
  const std::lock_guard making(making_);
  auto snapshot =
      std::make_shared<const column::Snapshot>(column::take_snapshot(pack().schema, store_.registers()));
  auto made = make(snapshot, options_.period ? options_.period : latest_year(pack(), *snapshot));
  {
    const std::lock_guard lock(mutex_);
    now_ = made;
  }
  news_->add("edition", "{\"tag\":" + text::json_quoted(made->tag) + "}");
}

void District::take(pack::ReadPack pack) {
  {
    const std::lock_guard making(making_);
    taken_.push_back(std::make_unique<const pack::ReadPack>(std::move(pack)));
    pack_ = &*taken_.back()->pack;
    others_.clear();
  }
  renew();
}

std::shared_ptr<const Edition> District::make(std::shared_ptr<const column::Snapshot> snapshot,
                                              std::optional<calendar::Period> period) {
  const pack::Pack& pack = this->pack();
  auto out = std::make_shared<Edition>();
  out->pack = &pack;
  out->snapshot = std::move(snapshot);
  out->period = period;
  out->on = options_.today();
  std::string published;
  if (period) {
    const run::Options how{.period = *period, .threads = options_.threads};
    out->result = run::run(pack, *out->snapshot, how);
    out->previous =
        run::run(pack, *out->snapshot, {.period = period->previous(), .threads = options_.threads});
    store_.results().keep(out->result, options_.now());
    out->on = std::min(out->on, period->to);
    out->mark = out->result.header.mark;
    published = store_.setting(published_setting(period->to_string())).value_or("");
    if (published == out->result.header.fingerprint) out->state = access::State::Published;
  }
  std::set<std::string> marks;
  for (const registers::Batch& batch : store_.registers().batches())
    if (!batch.mark.empty()) marks.insert(batch.mark);
  for (const std::string& mark : marks)
    if (out->mark.find(mark) == std::string::npos) out->mark += (out->mark.empty() ? "" : "、") + mark;
  fingerprint::Digest digest;
  digest.field(pack.fingerprint).field(out->snapshot->fingerprint).field(out->result.header.fingerprint);
  digest.field(published).field(out->on.to_string());
  out->tag = digest.hex().substr(0, 20);
  out->warm->source_of = explain::sources_from(pack, *out->snapshot, store_.registers());
  return out;
}

access::Object object_of(const Edition& edition, std::string_view register_id, std::size_t row,
                         access::State state) {
  access::Object out;
  out.state = state;
  out.town = edition.naming().town(register_id, row);
  // The enterprise: the record whose key is a credit code, on the way up.
  const schema::Register* target = edition.pack->schema.find(register_id);
  while (target != nullptr) {
    const column::Table* table = edition.snapshot->find(target->id);
    if (table == nullptr || row >= table->size()) break;
    const schema::Field* key = target->key.size() == 1 ? target->find(target->key[0]) : nullptr;
    if (key != nullptr && key->type == schema::FieldType::CreditCode) {
      out.firm = table->key[row];
      break;
    }
    if (target->of.empty() || row >= table->parent_row.size() || table->parent_row[row] < 0) break;
    row = static_cast<std::size_t>(table->parent_row[row]);
    target = edition.pack->schema.find(target->of);
  }
  return out;
}

}  // namespace tenglong::server
