#include "server/district.h"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

#include "engine/fingerprint/fingerprint.h"
#include "engine/run/run.h"
#include "engine/simulate/dependents.h"
#include "engine/simulate/restated.h"
#include "engine/text/json_writer.h"
#include "server/inside/rows.h"

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

constexpr std::size_t kMostYearsKept = 4;     // editions of other years,
constexpr std::size_t kMostLines = 1000000;   // and of their outcomes and entries; the last one in any case
constexpr std::size_t kMostCorrected = 2000;  // records; more are read as a whole
constexpr std::size_t kSmallCells = 2'000'000;
constexpr int kNiceOfSettling = 10;
constexpr std::chrono::milliseconds kRestBeforeSettling{2000}, kLongestUnsettled{10000}, kLooksAtMemory{5000};
constexpr std::size_t kWorthGivingBack = std::size_t{32} << 20;

// Of this program in the memory of the machine; 0 where that is not told.
std::size_t resident_bytes() {
  std::size_t whole = 0, resident = 0;
  std::ifstream in("/proc/self/statm");
  in >> whole >> resident;
  return in ? resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) : 0;
}

std::size_t lines_of(const result::Result& result) {
  std::size_t out = 0;
  for (const result::SchemeResult& each : result.schemes) out += each.outcomes.size();
  for (const result::RosterResult& each : result.rosters) out += each.entries.size();
  return out;
}

// Whose fingerprints are worked out at once: a fraction of a second.
bool is_small(const Edition& edition) {
  std::size_t cells = 0;
  for (const column::Table& table : edition.snapshot->tables) cells += table.size() * table.columns.size();
  return cells <= kSmallCells;
}

bool has_resident(const Edition& edition) {
  const std::lock_guard lock(edition.warm->resident_mutex);
  return edition.warm->resident != nullptr;
}

// Shares, ranks, means of groups and whatever else one record of each register asks of all of them.
void warm_reasons(const Edition& edition) {
  std::set<std::string> registers;
  for (const pack::Indicator& each : edition.pack->indicators) registers.insert(each.of);
  for (const pack::Scheme& each : edition.pack->schemes) registers.insert(each.of);
  for (const pack::Roster& each : edition.pack->rosters) registers.insert(each.of);
  for (const std::string& id : registers) {
    const column::Table* table = edition.snapshot->find(id);
    if (table == nullptr) continue;
    for (std::size_t row = 0; row < table->size(); ++row)
      if (table->period[row] == edition.period || !table->period[row]) {
        read_row(edition, id, row);
        break;
      }
  }
}

std::string snapshot_fingerprint_of(const Edition& edition) {
  return edition.snapshot->fingerprint.empty()
             ? column::fingerprint_of(edition.pack->schema, *edition.snapshot)
             : edition.snapshot->fingerprint;
}

}  // namespace

std::string published_setting(const std::string& period) { return store::kPublishedSetting + period; }

District::District(const pack::Pack& pack, store::Store& store, DistrictOptions options)
    : pack_(&pack),
      in_force_{{.pack = &pack}},
      store_(store),
      options_(std::move(options)),
      policy_(policy_of(pack)) {
  facts_ = std::make_shared<ColumnFacts>();
  make_all();
  is_settling_ = true;
  maker_ = std::thread([this] { make_on(); });
  settler_ = std::thread([this] { settle_on(); });
}

District::~District() {
  {
    const std::lock_guard lock(asking_);
    ending_ = true;
  }
  asked_.notify_all();
  settling_.notify_all();
  maker_.join();
  settler_.join();
}

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
  const std::shared_ptr<const Edition> now = edition();
  if (period.empty() || (now->period && now->period->to_string() == period)) return now;
  const auto years_there = years();
  if (std::find(years_there.begin(), years_there.end(), period) == years_there.end()) return nullptr;
  std::shared_ptr<Other> other;
  {
    const std::lock_guard lock(mutex_);
    auto& at = others_[period];
    if (at == nullptr) at = std::make_shared<Other>();
    if (at->edition != nullptr) return at->edition;
    other = at;
  }
  const std::lock_guard one_maker(other->mutex);
  {
    const std::lock_guard lock(mutex_);
    if (other->edition != nullptr) return other->edition;
  }
  auto made = whole(now->snapshot, calendar::Period::parse(period), Seal::IfSmall);
  const std::lock_guard lock(mutex_);
  // Kept while it speaks of the present data.
  if (now_->snapshot == made->snapshot) {
    other->edition = made;
    std::size_t lines = 0;
    for (const auto& [name, each] : others_)
      if (each->edition != nullptr) lines += lines_of(*each->edition->result);
    for (auto at = others_.begin(); at != others_.end();) {
      const bool is_too_much = others_.size() > kMostYearsKept || lines > kMostLines;
      if (!is_too_much || at->first == period) {
        ++at;
        continue;
      }
      if (at->second->edition != nullptr) lines -= lines_of(*at->second->edition->result);
      at = others_.erase(at);
    }
  }
  return made;
}

std::shared_ptr<const Edition> District::sealed_edition_of(const std::string& period) {
  const auto open = edition_of(period);
  if (open == nullptr || !open->snapshot_fingerprint.empty()) return open;
  return sealed(*open, Keep::Yes);
}

std::shared_ptr<const result::Result> District::targets_of(const Edition& edition,
                                                           const std::string& period) const {
  const auto at = calendar::Period::parse(period);
  if (!at || !edition.period) return nullptr;
  if (*at == *edition.period) return edition.result;
  if (*at == edition.period->previous()) return edition.previous;
  const std::lock_guard one_maker(edition.warm->targets_mutex);
  std::shared_ptr<const result::Result>& held = edition.warm->targets[at->to_string()];
  if (held == nullptr) {
    const pack::Pack& pack = pack_of(*at);
    held = std::make_shared<const result::Result>(run::run_part(pack, *edition.snapshot,
                                                                {.period = *at, .threads = options_.threads},
                                                                simulate::all_targets(pack), {}));
  }
  return held;
}

void District::renew() { ask({.everything = true}); }
void District::renew(registers::BatchId batch, std::vector<column::RecordName> stated) {
  ask({.batches = {batch}, .stated = std::move(stated)});
}

// Waits until an edition is there that was begun after this was asked.
void District::ask(Wish wish) {
  std::unique_lock lock(asking_);
  wish_.everything = wish_.everything || wish.everything;
  wish_.batches.insert(wish.batches.begin(), wish.batches.end());
  std::move(wish.stated.begin(), wish.stated.end(), std::back_inserter(wish_.stated));
  const std::int64_t own = ++asked_count_;
  asked_.notify_all();
  made_.wait(lock, [&] { return made_count_ >= own || ending_; });
  if (const auto failed = failures_.lower_bound(own); failed != failures_.end())
    std::rethrow_exception(failed->second);
}

void District::make_on() {
  std::unique_lock lock(asking_);
  for (;;) {
    const auto is_due = [&] { return ending_ || asked_count_ > made_count_; };
    if (!asked_.wait_for(lock, options_.looks_every, is_due)) {
      if (is_of_today()) continue;
      wish_.everything = true;
      ++asked_count_;
    }
    if (ending_) break;
    const Wish wish = std::exchange(wish_, {});
    const std::int64_t last = asked_count_;
    lock.unlock();
    std::exception_ptr failure;
    try {
      make_next(wish);
    } catch (const std::exception& reason) {
      failure = std::current_exception();
      std::fprintf(stderr, "%s\n", reason.what());
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    failures_.clear();
    if (failure) failures_[last] = failure;
    made_count_ = last;
    is_settling_ = true;
    settling_.notify_all();
    made_.notify_all();
  }
  made_.notify_all();
}

void District::settle_on() {
  // Of this thread alone: answers and savings go before.
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNiceOfSettling);
  std::unique_lock lock(asking_);
  std::size_t at_rest = 0;  // resident after the last giving back
  const auto give_back = [&] {
    malloc_trim(0);
    at_rest = resident_bytes();
  };
  for (;;) {
    if (!settling_.wait_for(lock, kLooksAtMemory, [&] { return ending_ || is_settling_; })) {
      // What a crowd of requests took, too, is the machine's again a few seconds after it.
      lock.unlock();
      if (resident_bytes() > at_rest + kWorthGivingBack) give_back();
      lock.lock();
      continue;
    }
    // Of a large district the base of what-ifs is made in the rest after savings, not between them: both
    // would want the processors and the memory at once.
    for (const auto first = std::chrono::steady_clock::now();
         !ending_ && is_settling_ && !is_small(*edition()) &&
         std::chrono::steady_clock::now() - first < kLongestUnsettled;) {
      is_settling_ = false;
      settling_.wait_for(lock, kRestBeforeSettling, [&] { return ending_ || is_settling_; });
    }
    if (ending_) break;
    is_settling_ = false;
    lock.unlock();
    try {
      settle();
      give_back();
    } catch (const std::exception& failure) {
      std::fprintf(stderr, "%s\n", failure.what());
    }
    lock.lock();
  }
}

void District::make_next(const Wish& wish) {
  if (wish.everything || wish.stated.size() > kMostCorrected || !make_by_correction(wish)) make_all();
}

void District::make_all() {
  const std::lock_guard making(making_);
  const calendar::Date today = options_.today();
  pack_ = &pack_on(today);
  auto snapshot =
      std::make_shared<const column::Snapshot>(column::take_snapshot(pack().schema, store_.registers()));
  auto made = whole(snapshot, options_.period ? options_.period : latest_year(pack(), *snapshot), Seal::Yes);
  {
    const std::lock_guard lock(mutex_);
    others_.clear();
  }
  publish(std::move(made));
  made_on_ = today.days();
}

// False: something else came in too, and nobody knows what it touched; or a new day has begun.
bool District::make_by_correction(const Wish& wish) {
  if (!is_of_today()) return false;
  const std::lock_guard making(making_);
  const std::shared_ptr<const Edition> before = edition();
  for (const registers::Batch& batch : store_.registers().batches())
    if (before->change < batch.id && !wish.batches.contains(batch.id)) return false;
  const pack::Pack& pack = this->pack();
  column::Retaken retaken = column::retake(pack.schema, *before->snapshot, store_.registers(), wish.stated);
  const auto period = options_.period ? options_.period : latest_year(pack, retaken.snapshot);
  if (before->pack != &pack_of(period) || period != before->period) return false;
  const auto snapshot = std::make_shared<const column::Snapshot>(retaken.snapshot);
  auto made = corrected(*before, retaken, snapshot);
  if (const auto asked = what_if_edition(before); has_resident(*asked)) made->warm->until_then = asked;
  if (is_small(*made)) made = sealed(*made, Keep::Yes);
  std::vector<std::pair<std::string, std::shared_ptr<const Edition>>> others;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, other] : others_)
      // Whoever saves does not wait for another year of a large district: it is made again when asked for.
      if (other->edition != nullptr && other->edition->snapshot == before->snapshot &&
          is_small(*other->edition))
        others.emplace_back(name, other->edition);
  }
  for (auto& [name, other] : others) {
    other = sealed(*corrected(*other, retaken, snapshot), Keep::Yes);
  }
  {
    const std::lock_guard lock(mutex_);
    others_.clear();
    for (auto& [name, other] : others) {
      others_[name] = std::make_shared<Other>();
      others_[name]->edition = std::move(other);
    }
  }
  publish(std::move(made));
  return true;
}

void District::publish(std::shared_ptr<const Edition> edition) {
  const std::string tag = edition->tag;
  std::vector<std::shared_ptr<const column::Snapshot>> present{edition->snapshot};
  {
    const std::lock_guard lock(mutex_);
    now_ = std::move(edition);
  }
  facts_->keep_only(present);
  news_->add("edition", "{\"tag\":" + text::json_quoted(tag) + "}");
}

const pack::Pack& District::pack_on(calendar::Date day) const {
  const std::lock_guard lock(mutex_);
  const pack::Pack* out = in_force_.front().pack;
  for (const InForce& one : in_force_)
    if (!one.from || *one.from <= day) out = one.pack;
  return *out;
}

// A year is judged by what is in force on its last day.
const pack::Pack& District::pack_of(const std::optional<calendar::Period>& period) const {
  return period ? pack_on(period->to) : pack();
}

std::vector<District::InForce> District::in_force() const {
  const std::lock_guard lock(mutex_);
  return in_force_;
}

void District::take(std::vector<Dated> packs) {
  {
    const std::lock_guard making(making_);
    std::vector<InForce> next;
    for (Dated& one : packs) {
      // One that is as it was stays the same, and what rests on it is warm still.
      const pack::Pack* same = nullptr;
      for (const InForce& each : in_force_)
        if (each.pack->fingerprint == one.read.pack->fingerprint) same = each.pack;
      if (same == nullptr) {
        taken_.push_back(std::make_unique<const pack::ReadPack>(std::move(one.read)));
        same = &*taken_.back()->pack;
      }
      next.push_back({one.from, one.revision, same, one.folders});
    }
    const std::lock_guard lock(mutex_);
    in_force_ = std::move(next);
    others_.clear();
  }
  renew();
}

void District::renew_state() {
  const std::lock_guard making(making_);
  const auto again = [&](const Edition& one) {
    auto out = std::make_shared<Edition>(one.fingerprint.empty() ? *sealed(one, Keep::No) : one);
    finish(*out);
    return out;
  };
  std::vector<std::shared_ptr<Other>> others;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, other] : others_)
      if (other->edition != nullptr) others.push_back(other);
  }
  for (const auto& other : others) {
    std::shared_ptr<const Edition> held;
    {
      const std::lock_guard lock(mutex_);
      held = other->edition;
    }
    const auto made = again(*held);
    const std::lock_guard lock(mutex_);
    other->edition = made;
  }
  publish(again(*edition()));
}

// What nobody waits for: the base of what-ifs if they were asked of an edition before, what reasons share,
// and the fingerprints. Of an edition that is no longer the present one only the base is made to its end:
// savings that come faster than it is made would keep what-ifs on an old one.
void District::settle() {
  const std::shared_ptr<const Edition> now = edition();
  if (!now->period) return;
  Edition::Warm& warm = *now->warm;
  bool is_asked_for = false;
  {
    const std::lock_guard lock(warm.resident_mutex);
    is_asked_for = warm.until_then != nullptr && warm.resident == nullptr;
  }
  if (is_asked_for) {
    auto resident = std::make_shared<const simulate::Resident>(*now->pack, *now->snapshot,
                                                               run::Options{.period = *now->period});
    {
      const std::lock_guard lock(warm.resident_mutex);
      warm.resident = std::move(resident);
      warm.until_then = nullptr;
    }
    if (const auto next = edition(); next->warm != now->warm) {
      const std::lock_guard lock(next->warm->resident_mutex);
      if (next->warm->until_then != nullptr) next->warm->until_then = now;
    }
  }
  if (edition()->warm != now->warm) return;
  if (!is_small(*now)) warm_reasons(*now);
  if (!now->fingerprint.empty() || edition()->warm != now->warm) return;
  auto made = sealed(*now, Keep::No);
  const std::lock_guard making(making_);
  if (edition() == now) publish(std::move(made));
}

std::shared_ptr<Edition> District::begun(std::shared_ptr<const column::Snapshot> snapshot,
                                         std::optional<calendar::Period> period) const {
  auto out = std::make_shared<Edition>();
  out->pack = &pack_of(period);
  out->snapshot = std::move(snapshot);
  out->change = out->snapshot->through;
  out->period = period;
  out->on = options_.today();
  if (period) out->on = std::min(out->on, period->to);
  out->warm->facts = facts_;
  out->warm->rows = std::make_shared<RowFacts>();
  out->warm->source_of = explain::sources_from(*out->pack, *out->snapshot, store_.registers());
  return out;
}

std::shared_ptr<const Edition> District::whole(std::shared_ptr<const column::Snapshot> snapshot,
                                               std::optional<calendar::Period> period, Seal seal) {
  auto out = begun(std::move(snapshot), period);
  const bool is_sealed = seal == Seal::Yes || is_small(*out);
  if (is_sealed) out->snapshot_fingerprint = snapshot_fingerprint_of(*out);
  if (period) {
    const auto run_of = [&](const calendar::Period& at, run::Part (*part)(const pack::Pack&)) {
      const pack::Pack& pack = pack_of(at);
      return std::make_shared<result::Result>(
          run::run_part(pack, *out->snapshot, {.period = at, .threads = options_.threads}, part(pack), {}));
    };
    out->previous = run_of(period->previous(), simulate::all_targets);
    const auto result = run_of(*period, simulate::everything);
    out->result = result;
    if (is_sealed) {
      result->header.snapshot_fingerprint = out->snapshot_fingerprint;
      result->header.fingerprint = out->fingerprint = result::fingerprint_of(*result);
      store_.results().keep(*result, options_.now());
    }
  }
  finish(*out);
  return out;
}

std::shared_ptr<const Edition> District::corrected(const Edition& before, const column::Retaken& retaken,
                                                   std::shared_ptr<const column::Snapshot> snapshot) const {
  auto out = begun(std::move(snapshot), before.period);
  if (before.period) {
    const auto again = [&](const std::shared_ptr<const result::Result>& held, const calendar::Period& at,
                           bool only_targets) {
      const pack::Pack& pack = pack_of(at);
      run::Part part = simulate::dependents(pack, retaken.moved);
      if (only_targets) part = {.targets = std::move(part.targets)};
      if (part.empty()) return held;
      return std::make_shared<const result::Result>(
          simulate::restated(pack, *out->snapshot, {.period = at, .threads = options_.threads}, part, *held));
    };
    out->result = again(before.result, *before.period, false);
    out->previous = again(before.previous, before.period->previous(), true);
  }
  finish(*out);
  return out;
}

std::shared_ptr<const Edition> District::sealed(const Edition& open, Keep keep) const {
  auto out = std::make_shared<Edition>(open);
  out->snapshot_fingerprint = snapshot_fingerprint_of(open);
  if (open.period) {
    result::RunHeader header = open.result->header;
    header.snapshot_fingerprint = out->snapshot_fingerprint;
    header.fingerprint = out->fingerprint = result::fingerprint_of(header, *open.result);
    if (keep == Keep::Yes) {
      result::Result result = *open.result;
      result.header = header;
      store_.results().keep(result, options_.now());
    }
  }
  finish(*out);
  return out;
}

void District::finish(Edition& edition) const {
  std::string published;
  edition.is_published = false;
  if (edition.period) {
    edition.mark = edition.result->header.mark;
    published = store_.setting(published_setting(edition.period->to_string())).value_or("");
    edition.is_published = !edition.fingerprint.empty() && published == edition.fingerprint;
  }
  std::set<std::string> marks;
  for (const registers::Batch& batch : store_.registers().batches())
    if (!batch.mark.empty()) marks.insert(batch.mark);
  for (const std::string& mark : marks)
    if (edition.mark.find(mark) == std::string::npos)
      edition.mark += (edition.mark.empty() ? "" : "、") + mark;
  fingerprint::Digest digest;
  digest.field(edition.pack->fingerprint).number(edition.change.value);
  digest.field(edition.snapshot_fingerprint).field(edition.fingerprint);
  digest.field(published).field(edition.on.to_string());
  edition.tag = digest.hex().substr(0, 20);
}

run::RowView read_row(const Edition& edition, const std::string& register_id, std::size_t row) {
  const std::lock_guard lock(edition.warm->mutex);
  if (edition.warm->reader == nullptr)
    edition.warm->reader = std::make_unique<run::RowReader>(
        *edition.pack, *edition.snapshot, run::Options{.period = *edition.period}, &*edition.result);
  return edition.warm->reader->read(register_id, row);
}

std::shared_ptr<const Edition> what_if_edition(const std::shared_ptr<const Edition>& edition) {
  const std::lock_guard lock(edition->warm->resident_mutex);
  return edition->warm->until_then != nullptr ? edition->warm->until_then : edition;
}

const simulate::Resident& resident_of(const Edition& edition) {
  const std::lock_guard lock(edition.warm->resident_mutex);
  if (edition.warm->resident == nullptr)
    edition.warm->resident = std::make_shared<const simulate::Resident>(
        *edition.pack, *edition.snapshot, run::Options{.period = *edition.period});
  return *edition.warm->resident;
}

feel::Value operand_of(const Edition& edition, const schema::Register& target, std::size_t row,
                       const listing::Operand& operand) {
  const column::Table& table = *edition.snapshot->find(target.id);
  switch (operand.from) {
    case listing::Operand::From::Own:
      return column::value_of(table, static_cast<std::size_t>(operand.field), row);
    case listing::Operand::From::Above: {
      const column::Table* above = target.of.empty() ? nullptr : edition.snapshot->find(target.of);
      if (above == nullptr || table.parent_row[row] < 0) return {};
      return column::value_of(*above, static_cast<std::size_t>(operand.field),
                              static_cast<std::size_t>(table.parent_row[row]));
    }
    case listing::Operand::From::Year:
      return table.period[row] ? feel::Value(quantity::Decimal(table.period[row]->year_of_start()))
                               : feel::Value{};
    case listing::Operand::From::Key:
      return feel::Value(table.key[row]);
  }
  return {};
}

access::State state_of_result(const Edition& edition, const store::RecordStates& states) {
  if (edition.is_published) return access::State::Published;
  return edition.period ? std::min(access::State::Locked, states.least(edition.pack->schema, *edition.period))
                        : access::State::Draft;
}

access::Object object_of(const Edition& edition, std::string_view register_id, std::size_t row,
                         access::State state) {
  access::Object out;
  out.state = state;
  out.register_id = register_id;
  out.town = edition.naming().town(register_id, row);
  if (const schema::Register* own = edition.pack->schema.find(register_id);
      own != nullptr && edition.snapshot->find(own->id) != nullptr)
    out.value_of = [&edition, own, row](const listing::Operand& operand) {
      return operand_of(edition, *own, row, operand);
    };
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
