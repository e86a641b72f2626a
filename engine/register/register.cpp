#include "engine/register/register.h"

#include <algorithm>
#include <map>

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

struct Claim {
  const FieldValue* value;
  Origin origin;
};

// The last word of one provider about one field.
using LastWords = std::map<std::string, Claim>;

Resolved settle(const LastWords& claims, const std::string& own_provider) {
  Resolved out;
  if (claims.empty()) return out;
  // The field's own provider decides; otherwise providers must agree. A value beats a bare "not reported".
  const Claim* chosen = nullptr;
  if (const auto own = claims.find(own_provider);
      !own_provider.empty() && own != claims.end() && own->second.value->state == State::Known)
    chosen = &own->second;
  bool disputed = false;
  for (const auto& [provider, claim] : claims) {
    if (claim.value->state != State::Known) continue;
    if (chosen == nullptr) {
      chosen = &claim;
    } else if (chosen != &claim && !same_value(chosen->value->value, claim.value->value)) {
      out.rivals.push_back({claim.value->value, claim.origin});
    }
  }
  if (chosen == nullptr) {
    // Nobody gave a value: the best reason for its absence.
    for (const auto& [provider, claim] : claims)
      if (chosen == nullptr || claim.value->state < chosen->value->state) chosen = &claim;
    out.state = chosen->value->state;
    out.origin = chosen->origin;
    return out;
  }
  const auto own = claims.find(own_provider);
  const bool own_decides = !own_provider.empty() && own != claims.end() && chosen == &own->second;
  disputed = !out.rivals.empty() && !own_decides;
  out.state = disputed ? State::Disputed : State::Known;
  out.value = chosen->value->value;
  out.origin = chosen->origin;
  return out;
}

}  // namespace

Record resolve(const schema::Register& target, std::vector<Statement> statements,
               const std::function<const std::string&(BatchId)>& provider_of) {
  Record record;
  if (statements.empty()) return record;
  record.key = statements.front().record_key;
  record.period = statements.front().period;
  // Arrival: by batch, then sheet row. The order of the files of one provider is the order of its last words.
  std::stable_sort(statements.begin(), statements.end(), [](const Statement& a, const Statement& b) {
    return a.batch != b.batch ? a.batch < b.batch : a.row < b.row;
  });
  std::vector<LastWords> claims(target.fields.size());
  for (const Statement& statement : statements) {
    const std::string& provider = provider_of(statement.batch);
    for (const FieldValue& value : statement.values) {
      ensure(value.field >= 0 && static_cast<std::size_t>(value.field) < claims.size(),
             "a statement's field belongs to its register");
      claims[static_cast<std::size_t>(value.field)][provider] = {
          &value, {statement.batch, statement.sheet, statement.row, value.cell}};
    }
  }
  record.fields.reserve(claims.size());
  for (std::size_t i = 0; i < claims.size(); ++i)
    record.fields.push_back(settle(claims[i], target.fields[i].provider));
  return record;
}

void read_records(const RegisterStore& store, const schema::Register& target, std::optional<BatchId> through,
                  const std::function<void(Record&&)>& each) {
  std::map<BatchId, std::string> providers;
  for (const Batch& batch : store.batches()) providers.emplace(batch.id, batch.provider);
  const auto provider_of = [&providers](BatchId id) -> const std::string& {
    static const std::string nobody;
    const auto found = providers.find(id);
    return found == providers.end() ? nobody : found->second;
  };
  std::vector<Statement> together;
  const auto flush = [&] {
    if (!together.empty()) each(resolve(target, std::move(together), provider_of));
    together.clear();
  };
  store.read(target.id, through, [&](Statement&& statement) {
    if (!together.empty() &&
        (together.back().record_key != statement.record_key || together.back().period != statement.period))
      flush();
    together.push_back(std::move(statement));
  });
  flush();
}

}  // namespace tenglong::registers
