#include "engine/register/register.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/text/ensure.h"

namespace tenglong::registers {

std::string to_text(const Scalar& value) {
  struct Writer {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(bool truth) const { return truth ? "true" : "false"; }
    std::string operator()(const Decimal& number) const { return number.to_string(); }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(const Date& date) const { return date.to_string(); }
  };
  return std::visit(Writer{}, value);
}

namespace {

bool same_value(const Scalar& a, const Scalar& b) {
  if (a.index() != b.index()) return false;
  if (const auto* number = std::get_if<Decimal>(&a)) return *number == std::get<Decimal>(b);
  return a == b;
}

// What one provider (or a ruling) says about one field.
struct Claim {
  const FieldValue* value = nullptr;
  Origin origin = {};
  const Batch* batch = nullptr;
  std::optional<Date> start = {};                   // from when it holds; nullopt: from the beginning
  bool is_dated = false;                            // the day was said, not taken from the receipt
  std::optional<Resolved::Rival> preliminary = {};  // which this final figure replaced
  const FieldValue* before_ruling = nullptr;        // the provider's word when the ruling was made
};

// The last word of each provider about one field, and the last ruling.
struct Hearing {
  std::map<std::string, Claim> claims;
  // Both are rare, and a record has a hearing for every field.
  std::unique_ptr<Claim> ruling;
  std::unique_ptr<std::set<std::string>> not_yet;  // whose words take effect only after the day looked at
};

bool same_word(const FieldValue& a, const FieldValue& b) {
  return a.state == b.state && (a.state != State::Known || same_value(a.value, b.value));
}

// Whether a word that comes later replaces an earlier one of the same provider.
bool replaces(const Claim& later, const Claim& earlier, bool has_period) {
  if (later.batch->is_preliminary && !earlier.batch->is_preliminary && earlier.value->state == State::Known)
    return false;
  return has_period || (!later.is_dated && !earlier.is_dated) || later.start >= earlier.start;
}

void hear(Hearing& hearing, Claim claim, bool has_period) {
  if (is_ruling(claim.batch->source)) {
    for (auto& [provider, held] : hearing.claims) held.before_ruling = held.value;
    hearing.ruling = std::make_unique<Claim>(std::move(claim));
    return;
  }
  const auto [place, is_first] = hearing.claims.try_emplace(claim.batch->provider, claim);
  Claim& held = place->second;
  if (is_first || !replaces(claim, held, has_period)) return;
  // Who has come to agree with the ruling says something new by leaving it again.
  if (!hearing.ruling || !same_word(*held.value, *hearing.ruling->value))
    claim.before_ruling = held.before_ruling;
  claim.preliminary = std::move(held.preliminary);
  if (held.batch->is_preliminary && !claim.batch->is_preliminary && held.value->state == State::Known)
    claim.preliminary = Resolved::Rival{held.value->value, held.origin};
  held = std::move(claim);
}

Resolved taken_from(const Claim& claim) {
  Resolved out;
  out.state = claim.value->state;
  out.value = claim.value->value;
  out.origin = claim.origin;
  out.is_preliminary = claim.batch->is_preliminary;
  out.preliminary = claim.preliminary;
  return out;
}

// The ruling holds, unless somebody has since said something new.
Resolved ruled(const Hearing& hearing) {
  const Claim& ruling = *hearing.ruling;
  Resolved out = taken_from(ruling);
  out.ruling = ruling.origin.batch;
  bool found = false;
  for (const auto& [provider, claim] : hearing.claims) {
    if (same_word(*claim.value, *ruling.value)) {
      // The cell it was chosen from says more than the choice.
      if (!found) out.origin = claim.origin;
      found = true;
      continue;
    }
    const bool is_news = ruling.origin.batch < claim.origin.batch &&
                         (claim.before_ruling == nullptr || !same_word(*claim.value, *claim.before_ruling));
    if (is_news) out.state = State::Disputed;
    if (is_news || claim.value->state == State::Known)
      out.rivals.push_back({claim.value->value, claim.origin});
  }
  return out;
}

// Something has taken effect since the ruling: the world moved on.
bool outlived(const Hearing& hearing, bool has_period) {
  if (has_period) return false;
  for (const auto& [provider, claim] : hearing.claims)
    if (claim.is_dated && claim.start > hearing.ruling->start) return true;
  return false;
}

Resolved settle(const Hearing& hearing, const std::string& own_provider, bool has_period) {
  if (hearing.ruling && !outlived(hearing, has_period)) return ruled(hearing);
  const auto& claims = hearing.claims;
  if (claims.empty()) return {};
  const auto own = claims.find(own_provider);
  const Claim* chosen = nullptr;
  // The field's own provider decides; otherwise providers must agree. A value beats a bare "not reported",
  // and a final figure any preliminary one.
  const bool own_decides =
      !own_provider.empty() && own != claims.end() && own->second.value->state == State::Known;
  if (own_decides) chosen = &own->second;
  bool has_final = own_decides && !own->second.batch->is_preliminary;
  for (const auto& [provider, claim] : claims)
    has_final = has_final || (claim.value->state == State::Known && !claim.batch->is_preliminary);
  std::vector<Resolved::Rival> rivals;
  for (const auto& [provider, claim] : claims) {
    if (claim.value->state != State::Known || &claim == chosen) continue;
    if (has_final && claim.batch->is_preliminary) continue;
    if (chosen == nullptr)
      chosen = &claim;
    else if (!same_value(chosen->value->value, claim.value->value))
      rivals.push_back({claim.value->value, claim.origin});
  }
  // Nobody gave a value: the best reason for its absence.
  if (chosen == nullptr)
    for (const auto& [provider, claim] : claims)
      if (chosen == nullptr || claim.value->state < chosen->value->state) chosen = &claim;
  Resolved out = taken_from(*chosen);
  if (!rivals.empty() && !own_decides) out.state = State::Disputed;
  out.rivals = std::move(rivals);
  return out;
}

// From when a statement holds in a register without periods.
std::optional<Date> start_of(const Statement& statement, const Batch& batch, const Hearing& hearing) {
  if (statement.effective) return statement.effective;
  const bool is_first = !hearing.claims.contains(batch.provider) &&
                        (!hearing.not_yet || !hearing.not_yet->contains(batch.provider));
  if (is_first && !is_ruling(batch.source)) return std::nullopt;
  return Date::parse(std::string_view(batch.received_at).substr(0, 10));
}

}  // namespace

std::string_view to_text(Source source) {
  switch (source) {
    case Source::File:
      return "file";
    case Source::Form:
      return "form";
    case Source::Api:
      return "api";
    case Source::Correction:
      return "correction";
    case Source::RollUp:
      return "roll_up";
    case Source::Choice:
      return "choice";
  }
  return "file";
}

std::optional<Source> source_of(std::string_view text) {
  for (const Source each :
       {Source::File, Source::Form, Source::Api, Source::Correction, Source::RollUp, Source::Choice})
    if (to_text(each) == text) return each;
  return std::nullopt;
}

text::Words name_of(Source source) {
  switch (source) {
    case Source::File:
      return {"来表", "file"};
    case Source::Form:
      return {"填报", "form"};
    case Source::Api:
      return {"接口", "interface"};
    case Source::Correction:
      return {"更正单", "correction"};
    case Source::RollUp:
      return {"汇总", "roll-up"};
    case Source::Choice:
      return {"选定", "choice"};
  }
  return {};
}

Batches::Batches(std::vector<Batch> batches) : batches_(std::move(batches)) {
  std::sort(batches_.begin(), batches_.end(), [](const Batch& a, const Batch& b) { return a.id < b.id; });
}

const Batch& Batches::at(BatchId id) const {
  static const Batch nobody;
  const auto found = std::lower_bound(batches_.begin(), batches_.end(), id,
                                      [](const Batch& batch, BatchId wanted) { return batch.id < wanted; });
  return found != batches_.end() && found->id == id ? *found : nobody;
}

std::optional<BatchId> last_of(const View& view) {
  if (!view.through || view.also.empty()) return view.through;
  return std::max(*view.through, view.also.back());
}

bool in_view(const Batch& batch, const View& view) {
  if (view.through && *view.through < batch.id &&
      !std::binary_search(view.also.begin(), view.also.end(), batch.id))
    return false;
  if (!view.known_on) return true;
  const std::optional<calendar::Moment> received = calendar::Moment::parse(batch.received_at);
  return !received || *received <= *view.known_on;
}

Record resolve(const schema::Register& target, std::vector<Statement> statements, const Batches& batches,
               const View& view) {
  std::erase_if(statements,
                [&](const Statement& statement) { return !in_view(batches.at(statement.batch), view); });
  Record record;
  if (statements.empty()) return record;
  record.key = statements.front().record_key;
  record.period = statements.front().period;
  const bool has_period = record.period.has_value();
  // Arrival: by batch, then sheet row. The order of the files of one provider is the order of its last words.
  std::stable_sort(statements.begin(), statements.end(), [](const Statement& a, const Statement& b) {
    return a.batch != b.batch ? a.batch < b.batch : a.row < b.row;
  });
  std::vector<Hearing> hearings(target.fields.size());
  for (const Statement& statement : statements) {
    const Batch& batch = batches.at(statement.batch);
    for (const FieldValue& value : statement.values) {
      ensure(value.field >= 0 && static_cast<std::size_t>(value.field) < hearings.size(),
             "a statement's field belongs to its register");
      Hearing& hearing = hearings[static_cast<std::size_t>(value.field)];
      const std::optional<Date> start =
          has_period ? statement.effective : start_of(statement, batch, hearing);
      if (view.as_of && start && *view.as_of < *start) {
        if (!has_period && !hearing.not_yet) hearing.not_yet = std::make_unique<std::set<std::string>>();
        if (!has_period) hearing.not_yet->insert(batch.provider);
        continue;
      }
      hear(hearing,
           {.value = &value,
            .origin = {statement.batch, statement.sheet, statement.row, value.cell},
            .batch = &batch,
            .start = start,
            .is_dated = statement.effective.has_value()},
           has_period);
    }
  }
  record.fields.reserve(hearings.size());
  for (std::size_t i = 0; i < hearings.size(); ++i)
    record.fields.push_back(settle(hearings[i], target.fields[i].provider, has_period));
  return record;
}

namespace {

// Statements of one record and period come together; each group becomes a record.
class Gathering {
 public:
  Gathering(const RegisterStore& store, const schema::Register& target, const View& view,
            const std::function<void(Record&&)>& each)
      : target_(target), view_(view), batches_(store.batches()), each_(each) {}
  void take(Statement&& statement) {
    if (!together_.empty() &&
        (together_.back().record_key != statement.record_key || together_.back().period != statement.period))
      flush();
    together_.push_back(std::move(statement));
  }
  void flush() {
    if (together_.empty()) return;
    Record record = resolve(target_, std::move(together_), batches_, view_);
    together_.clear();
    if (!record.fields.empty()) each_(std::move(record));
  }

 private:
  const schema::Register& target_;
  const View& view_;
  Batches batches_;
  const std::function<void(Record&&)>& each_;
  std::vector<Statement> together_;
};

}  // namespace

void read_records(const RegisterStore& store, const schema::Register& target, const View& view,
                  const std::function<void(Record&&)>& each) {
  Gathering gathering(store, target, view, each);
  store.read(target.id, last_of(view), [&](Statement&& statement) { gathering.take(std::move(statement)); });
  gathering.flush();
}

std::vector<Record> read_record(const RegisterStore& store, const schema::Register& target,
                                std::string_view record_key, const View& view) {
  std::vector<Record> out;
  const std::function<void(Record &&)> keep = [&](Record&& record) { out.push_back(std::move(record)); };
  Gathering gathering(store, target, view, keep);
  store.read_record(target.id, record_key, last_of(view),
                    [&](Statement&& statement) { gathering.take(std::move(statement)); });
  gathering.flush();
  return out;
}

}  // namespace tenglong::registers
