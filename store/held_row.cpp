#include "store/inside/held_row.h"

namespace tenglong::store {

namespace {

using listing::CellKind;
using listing::kSegmentRows;
using listing::Segment;

struct Cell {
  std::shared_ptr<const Segment> segment = {};  // null: nothing is held of this field here
  std::size_t row = 0;
  bool is_known() const {
    return segment != nullptr && row < segment->rows() && segment->state(row) == quantity::State::Known;
  }
};

Cell cell_of(const Ground& ground, Connection& connection, const schema::Register& target,
             const HeldPart& part, const schema::Field& field, std::uint32_t row) {
  const std::size_t number = row / kSegmentRows;
  Cell out{.row = row % kSegmentRows};
  // Of a column that is there already it costs nothing.
  if (const auto column =
          ground.held->find<listing::Column>({target.id, part.period, field.id, part.version})) {
    if (number < column->segments.size()) out.segment = column->segments[number];
    return out;
  }
  Query query(
      connection,
      "select cells from held_segment where area = $1 and register_id = $2 and period = $3 and field = "
      "$4 and segment = $5");
  query.bind(1, ground.area).bind(2, target.id).bind(3, part.period).bind(4, field.id);
  query.bind(5, static_cast<std::int64_t>(number));
  if (!query.step()) return out;
  auto segment = Segment::decode(query.text(0));
  if (!segment || segment->kind() != listing::kind_of(field.type)) throw damaged_column(target.id, field.id);
  out.segment = std::make_shared<const Segment>(std::move(*segment));
  return out;
}

}  // namespace

HeldRow::HeldRow(const Ground& ground, Connection& connection, const schema::Register& target, HeldPart part,
                 std::string key, std::uint32_t row)
    : ground_(&ground),
      connection_(&connection),
      target_(&target),
      part_(std::move(part)),
      key_(std::move(key)),
      row_(row) {}

std::optional<HeldRow> HeldRow::find(const Ground& ground, Connection& connection,
                                     const schema::Register& target, HeldPart part, std::string_view key) {
  Query place(connection,
              "select ordinal from held_record where area = $1 and register_id = $2 and period = $3 and "
              "record_key = $4");
  place.bind(1, ground.area).bind(2, target.id).bind(3, part.period).bind(4, key);
  if (!place.step()) return std::nullopt;
  return HeldRow(ground, connection, target, std::move(part), std::string(key),
                 static_cast<std::uint32_t>(place.number(0)));
}

feel::Value HeldRow::value(int field) const {
  const Cell cell = cell_of(*ground_, *connection_, *target_, part_,
                            target_->fields[static_cast<std::size_t>(field)], row_);
  return cell.is_known() ? cell.segment->value(cell.row) : feel::Value{};
}

std::string HeldRow::text(int field) const {
  const Cell cell = cell_of(*ground_, *connection_, *target_, part_,
                            target_->fields[static_cast<std::size_t>(field)], row_);
  return cell.is_known() ? std::string(cell.segment->text(cell.row)) : std::string();
}

std::optional<HeldRow> HeldRow::linked(const schema::Register& to, std::string_view key) const {
  if (key.empty()) return std::nullopt;
  std::optional<HeldRow> out;
  for (HeldPart& each : held_parts(*ground_, *connection_, to.id))
    if (each.period.empty() || each.period == part_.period)
      out = find(*ground_, *connection_, to, std::move(each), key);
  return out;
}

std::optional<HeldRow> HeldRow::above() const {
  const schema::Register* to = target_->of.empty() ? nullptr : ground_->schema.find(target_->of);
  return to == nullptr ? std::nullopt : linked(*to, key_);
}

std::string HeldRow::firm() const {
  const Belonging belonging = belonging_of(ground_->schema, *target_);
  if (belonging.firm_register == nullptr) return {};
  return belonging.key_is_firm ? key_ : text(belonging.firm_reference);
}

std::string HeldRow::town() const {
  const Belonging belonging = belonging_of(ground_->schema, *target_);
  if (belonging.town >= 0) return text(belonging.town);
  if (belonging.firm_town < 0) return {};
  const auto firm_row = linked(*belonging.firm_register, firm());
  return firm_row ? firm_row->text(belonging.firm_town) : std::string();
}

}  // namespace tenglong::store
