#include "store/inside/computed_rows.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "engine/feel/syntax.h"
#include "engine/text/ensure.h"
#include "store/inside/held_rows.h"

namespace tenglong::store {

namespace {

using listing::Operand;

// The names that the computed fields of a register speak of; everything, where one speaks of a whole record.
struct Named {
  std::set<std::string, std::less<>> names = {};
  bool previous = false;
  bool includes(const schema::Field& field) const {
    return names.contains(field.name) || names.contains("*");
  }
};

void add_names(const schema::Schema& schema, const schema::Register& target, Named& out) {
  for (const int at : target.computed)
    for (const auto& path : feel::references(*target.fields[static_cast<std::size_t>(at)].formula.tree)) {
      for (const std::string& name : path) {
        out.names.insert(name);
        out.previous = out.previous || name == "上期";
      }
      const bool is_field =
          std::any_of(schema.registers.begin(), schema.registers.end(),
                      [&](const schema::Register& one) { return one.find_by_name(path.back()) != nullptr; });
      if (!is_field && path.back() != "年度") out.names.insert("*");
    }
}

// A table of these rows, those before them and, in `tables`, those above them.
column::Table table_of_rows(const HeldRows& rows, const std::vector<std::uint32_t>& asked, Named named,
                            column::Tables& tables) {
  const schema::Register& target = rows.target();
  add_names(rows.schema(), target, named);
  if (const HeldRows* above = rows.rows_above()) {
    std::set<std::uint32_t> wanted;
    for (const std::uint32_t row : asked)
      if (const std::int32_t at = rows.above()[row]; at >= 0) wanted.insert(static_cast<std::uint32_t>(at));
    tables.push_back(table_of_rows(*above, {wanted.begin(), wanted.end()}, named, tables));
  }
  std::vector<registers::Record> records;
  const auto add = [&](const HeldRows& from, std::uint32_t row) {
    registers::Record record{.key = std::string(from.column({Operand::From::Key, -1}).text(row)),
                             .period = calendar::Period::parse(from.period())};
    record.fields.resize(target.fields.size());
    for (std::size_t i = 0; i < target.fields.size(); ++i) {
      if (target.fields[i].is_computed() || !named.includes(target.fields[i])) continue;
      const listing::Column& column = from.column({Operand::From::Own, static_cast<int>(i)});
      record.fields[i].state = column.state(row);
      record.fields[i].value = column.of(row).scalar(row % listing::kSegmentRows);
    }
    records.push_back(std::move(record));
  };
  for (const std::uint32_t row : asked) {
    add(rows, row);
    std::uint32_t at = row;
    for (const HeldRows* now = &rows; named.previous;) {
      const HeldRows* before = now->rows_before();
      const std::int32_t earlier = before == nullptr ? -1 : now->before()[at];
      if (earlier < 0) break;
      at = static_cast<std::uint32_t>(earlier);
      add(*before, at);
      now = before;
    }
  }
  return column::table_of(rows.schema(), target, std::move(records), tables);
}

}  // namespace

ComputedRows computed_rows(const HeldRows& rows, const std::vector<std::uint32_t>& asked) {
  column::Tables above;
  ComputedRows out{.table = table_of_rows(rows, asked, {}, above)};
  const auto period = calendar::Period::parse(rows.period());
  for (const std::uint32_t row : asked) {
    const std::int32_t at = out.table.find(rows.column({Operand::From::Key, -1}).text(row), period);
    ensure(at >= 0, "a row that was asked for is in its table");
    out.place.push_back(static_cast<std::size_t>(at));
  }
  return out;
}

registers::Scalar computed_scalar(const column::Table& table, int field, std::size_t row) {
  const feel::Value value = column::value_of(table, static_cast<std::size_t>(field), row);
  switch (value.kind()) {
    case feel::Kind::Number:
      return value.number();
    case feel::Kind::String:
      return value.string();
    case feel::Kind::Boolean:
      return value.boolean();
    case feel::Kind::Date:
      return value.date();
    default:
      return {};
  }
}

std::shared_ptr<const listing::Column> computed_column(const HeldRows& rows, int field) {
  auto out = std::make_shared<listing::Column>();
  const auto kind = listing::kind_of(rows.target().fields[static_cast<std::size_t>(field)].type);
  for (std::size_t from = 0; from < rows.size(); from += listing::kSegmentRows) {
    std::vector<std::uint32_t> asked;
    for (std::size_t row = from; row < std::min(rows.size(), from + listing::kSegmentRows); ++row)
      asked.push_back(static_cast<std::uint32_t>(row));
    const ComputedRows part = computed_rows(rows, asked);
    auto segment = std::make_shared<listing::Segment>(kind);
    for (const std::size_t at : part.place)
      segment->append(column::state_of(part.table, static_cast<std::size_t>(field), at),
                      computed_scalar(part.table, field, at));
    out->segments.push_back(std::move(segment));
  }
  return out;
}

}  // namespace tenglong::store
