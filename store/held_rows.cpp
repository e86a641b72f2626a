#include "store/inside/held_rows.h"

#include <unordered_map>

#include "engine/text/ensure.h"
#include "store/inside/computed_rows.h"

namespace tenglong::store {

namespace {

using listing::CellKind;
using listing::kSegmentRows;
using listing::Operand;
using quantity::State;

bool is_keyed_by_credit_code(const schema::Register& target) {
  if (target.key.size() != 1) return false;
  const schema::Field* key = target.find(target.key[0]);
  return key != nullptr && key->type == schema::FieldType::CreditCode;
}

int town_of_register(const schema::Schema& schema, const schema::Register& target) {
  int first = -1;
  for (std::size_t i = 0; i < target.fields.size(); ++i) {
    const schema::Field& field = target.fields[i];
    if (field.type != schema::FieldType::Area) continue;
    const schema::Codes* codes = schema.find_codes(field.codes);
    if ((codes != nullptr && codes->level == "town") || field.codes == "town") return static_cast<int>(i);
    if (first < 0) first = static_cast<int>(i);
  }
  return first;
}

bool is_sorted(const listing::Column& keys) {
  std::string_view last;
  for (std::size_t row = 0; row < keys.rows(); ++row) {
    if (keys.state(row) != State::Known) return false;
    const std::string_view key = keys.text(row);
    if (row > 0 && key <= last) return false;
    last = key;
  }
  return true;
}

// Calls each(row) for the rows whose text is one of these; texts are looked up once a segment and entry.
template <typename Each>
void rows_with(const listing::Column& column, const std::set<std::string>& texts, const Each& each) {
  std::size_t first = 0;
  std::vector<std::uint8_t> is_one;
  for (const auto& segment : column.segments) {
    is_one.assign(segment->entries().size(), 0);
    bool any = false;
    for (std::size_t i = 0; i < is_one.size(); ++i)
      if (texts.contains(std::string(segment->entries().at(i)))) is_one[i] = 1, any = true;
    for (std::size_t row = 0; any && row < segment->rows(); ++row)
      if (segment->states()[row] == State::Known && is_one[segment->codes()[row]]) each(first + row);
    first += segment->rows();
  }
}

// Per key the row among the others that has it, or -1.
std::vector<std::int32_t> rows_of_keys(const listing::Column& keys, const listing::Column& others) {
  std::vector<std::int32_t> out(keys.rows(), -1);
  const std::size_t rows = keys.rows(), other_rows = others.rows();
  if (is_sorted(keys) && is_sorted(others)) {
    for (std::size_t row = 0, at = 0; row < rows; ++row) {
      const std::string_view key = keys.text(row);
      while (at < other_rows && others.text(at) < key) ++at;
      if (at < other_rows && others.text(at) == key) out[row] = static_cast<std::int32_t>(at);
    }
    return out;
  }
  std::unordered_map<std::string_view, std::int32_t> by_key;
  by_key.reserve(other_rows);
  for (std::size_t at = 0; at < other_rows; ++at)
    by_key.emplace(others.text(at), static_cast<std::int32_t>(at));
  for (std::size_t row = 0; row < rows; ++row) {
    if (keys.state(row) != State::Known) continue;
    const auto found = by_key.find(keys.text(row));
    if (found != by_key.end()) out[row] = found->second;
  }
  return out;
}

}  // namespace

Belonging belonging_of(const schema::Schema& schema, const schema::Register& target) {
  Belonging out;
  if (is_keyed_by_credit_code(target)) {
    out.firm_register = &target;
    out.key_is_firm = true;
  } else if (const schema::Register* above = target.of.empty() ? nullptr : schema.find(target.of);
             above != nullptr && target.key.empty() && is_keyed_by_credit_code(*above)) {
    out.firm_register = above;
    out.key_is_firm = true;
  } else {
    for (std::size_t i = 0; i < target.fields.size() && out.firm_register == nullptr; ++i) {
      if (target.fields[i].type != schema::FieldType::Reference) continue;
      const schema::Register* to = schema.find(target.fields[i].to);
      if (to == nullptr || !is_keyed_by_credit_code(*to)) continue;
      out.firm_register = to;
      out.firm_reference = static_cast<int>(i);
    }
  }
  out.town = town_of_register(schema, target);
  if (out.firm_register != nullptr && out.firm_register != &target)
    out.firm_town = town_of_register(schema, *out.firm_register);
  return out;
}

HeldRows::HeldRows(const Ground& ground, Connection& connection, const schema::Register& target,
                   HeldPart part)
    : ground_(ground),
      connection_(connection),
      target_(target),
      above_(target.of.empty() ? nullptr : ground.schema.find(target.of)),
      part_(std::move(part)),
      belonging_(belonging_of(ground.schema, target)) {}

std::optional<int> HeldRows::year() const {
  const auto period = calendar::Period::parse(part_.period);
  return period ? std::optional(period->from.year) : std::nullopt;
}

const HeldPart& HeldRows::part_of(const schema::Register& other) const {
  const auto found = parts_.find(other.id);
  if (found != parts_.end()) return found->second;
  HeldPart out;
  for (HeldPart& each : held_parts(ground_, connection_, other.id))
    if (each.period.empty() || each.period == part_.period) out = std::move(each);
  return parts_[other.id] = std::move(out);
}

const listing::Column& HeldRows::column(const Operand& operand) const {
  auto& kept = columns_[operand];
  if (kept) return *kept;
  if (operand.from == Operand::From::Key) {
    kept = held_column(ground_, connection_, target_.id, part_, kKeyField, CellKind::Text);
  } else {
    const bool is_above = operand.from == Operand::From::Above;
    const schema::Register& owner = is_above ? *above_ : target_;
    const schema::Field& field = owner.fields[static_cast<std::size_t>(operand.field)];
    if (field.is_computed())
      kept = (is_above ? *rows_above() : *this).computed(operand.field);
    else
      kept = held_column(ground_, connection_, owner.id, is_above ? part_of(owner) : part_, field.id,
                         listing::kind_of(field.type));
  }
  return *kept;
}

const HeldRows* HeldRows::rows_above() const {
  if (above_ != nullptr && !rows_above_)
    rows_above_ = std::make_unique<HeldRows>(ground_, connection_, *above_, part_of(*above_));
  return rows_above_.get();
}

const HeldRows* HeldRows::rows_before() const {
  if (has_looked_before_) return rows_before_.get();
  has_looked_before_ = true;
  const auto period = calendar::Period::parse(part_.period);
  if (!period) return nullptr;
  const std::string wanted = period->previous().to_string();
  for (HeldPart& each : held_parts(ground_, connection_, target_.id))
    if (each.period == wanted)
      rows_before_ = std::make_unique<HeldRows>(ground_, connection_, target_, std::move(each));
  return rows_before_.get();
}

const std::vector<std::int32_t>& HeldRows::before() const {
  if (before_rows_) return *before_rows_;
  const HeldRows* earlier = rows_before();
  ensure(earlier != nullptr, "there is a period before");
  const HeldCache::Key cached{target_.id, part_.period, "上期", part_.version, earlier->part_.version};
  before_rows_ = ground_.held->find<std::vector<std::int32_t>>(cached);
  if (!before_rows_) {
    auto out = std::make_shared<std::vector<std::int32_t>>(
        rows_of_keys(column({Operand::From::Key, -1}), earlier->column({Operand::From::Key, -1})));
    ground_.held->keep(cached, out, out->size() * sizeof(std::int32_t));
    before_rows_ = std::move(out);
  }
  return *before_rows_;
}

void HeldRows::tell_versions(std::string& out) const {
  out += part_.period + "@" + std::to_string(part_.version) + ";";
  if (const HeldRows* earlier = rows_before()) earlier->tell_versions(out);
  if (const HeldRows* above = rows_above()) above->tell_versions(out);
}

std::shared_ptr<const listing::Column> HeldRows::computed(int field) const {
  std::string versions;
  tell_versions(versions);
  const HeldCache::Key cached{target_.id, part_.period,
                              target_.fields[static_cast<std::size_t>(field)].id + "=" + versions,
                              part_.version, 0};
  if (auto found = ground_.held->find<listing::Column>(cached)) return found;
  auto out = computed_column(*this, field);
  ground_.held->keep(cached, out, out->bytes());
  return out;
}

std::shared_ptr<const std::vector<std::int32_t>> HeldRows::links(const std::string& field,
                                                                 const listing::Column& keys,
                                                                 const schema::Register& to) const {
  const HeldPart& other = part_of(to);
  const HeldCache::Key cached{target_.id, part_.period, field + "->" + to.id, part_.version, other.version};
  if (auto found = ground_.held->find<std::vector<std::int32_t>>(cached)) return found;
  const auto other_keys = held_column(ground_, connection_, to.id, other, kKeyField, CellKind::Text);
  auto out = std::make_shared<std::vector<std::int32_t>>(rows_of_keys(keys, *other_keys));
  ground_.held->keep(cached, out, out->size() * sizeof(std::int32_t));
  return out;
}

const std::vector<std::int32_t>& HeldRows::above() const {
  if (!above_rows_) above_rows_ = links(kKeyField, column({Operand::From::Key, -1}), *above_);
  return *above_rows_;
}

const listing::Column& HeldRows::firm_keys() const {
  return belonging_.key_is_firm ? column({Operand::From::Key, -1})
                                : column({Operand::From::Own, belonging_.firm_reference});
}

const std::vector<std::int32_t>& HeldRows::firm_rows() const {
  if (!firm_rows_) {
    const std::string field = belonging_.key_is_firm
                                  ? kKeyField
                                  : target_.fields[static_cast<std::size_t>(belonging_.firm_reference)].id;
    firm_rows_ = links(field, firm_keys(), *belonging_.firm_register);
  }
  return *firm_rows_;
}

const listing::Column* HeldRows::town_column(bool& is_linked) const {
  is_linked = false;
  if (belonging_.town >= 0) return &column({Operand::From::Own, belonging_.town});
  if (belonging_.firm_town < 0) return nullptr;
  is_linked = true;
  auto& kept = others_["town"];
  const schema::Register& firm = *belonging_.firm_register;
  if (!kept)
    kept = held_column(ground_, connection_, firm.id, part_of(firm),
                       firm.fields[static_cast<std::size_t>(belonging_.firm_town)].id, CellKind::Text);
  return kept.get();
}

void HeldRows::mark_firms(const std::set<std::string>& firms, std::vector<std::uint8_t>& out) const {
  if (belonging_.firm_register == nullptr || firms.empty()) return;
  rows_with(firm_keys(), firms, [&](std::size_t row) { out[row] = 1; });
}

void HeldRows::mark_towns(const std::set<std::string>& towns, std::vector<std::uint8_t>& out) const {
  bool is_linked = false;
  const listing::Column* column = towns.empty() ? nullptr : town_column(is_linked);
  if (column == nullptr) return;
  if (!is_linked) {
    rows_with(*column, towns, [&](std::size_t row) { out[row] = 1; });
    return;
  }
  std::vector<std::uint8_t> firms(column->rows(), 0);
  rows_with(*column, towns, [&](std::size_t row) { firms[row] = 1; });
  const std::vector<std::int32_t>& rows = firm_rows();
  for (std::size_t row = 0; row < rows.size(); ++row)
    if (rows[row] >= 0 && firms[static_cast<std::size_t>(rows[row])]) out[row] = 1;
}

std::string HeldRows::firm_of(std::uint32_t row) const {
  if (belonging_.firm_register == nullptr) return {};
  const listing::Column& keys = firm_keys();
  return keys.state(row) == State::Known ? std::string(keys.text(row)) : std::string();
}

std::string HeldRows::town_of(std::uint32_t row) const {
  bool is_linked = false;
  const listing::Column* column = town_column(is_linked);
  if (column == nullptr) return {};
  std::size_t at = row;
  if (is_linked) {
    const std::int32_t link = firm_rows()[row];
    if (link < 0) return {};
    at = static_cast<std::size_t>(link);
  }
  return column->state(at) == State::Known ? std::string(column->text(at)) : std::string();
}

}  // namespace tenglong::store
