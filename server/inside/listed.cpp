#include "server/inside/listed.h"

#include <algorithm>

#include "engine/listing/filter.h"
#include "server/inside/rows.h"
#include "server/inside/write.h"

namespace tenglong::server {

namespace {

std::size_t field_named(const schema::Register& target, std::string_view name) {
  for (std::size_t i = 0; i < target.fields.size(); ++i)
    if (target.fields[i].id == name || target.fields[i].name == name) return i;
  return target.fields.size();
}

void tell_field(diagnostic::Diagnostics& told, const char* parameter, std::string_view name,
                const schema::Register& target) {
  std::vector<std::string> known;
  for (const schema::Field& field : target.fields) known.push_back(field.id);
  const std::string near = text::nearest(name, known);
  told.push_back(
      {.code = "E-SERVER-207",
       .place = {.file = "query", .cell = std::string("/") + parameter},
       .message = {"“" + target.name + "”没有可用的字段“" + std::string(name) + "”。",
                   "“" + target.id + "” has no field “" + std::string(name) + "” that can be used."},
       .advice = near.empty() ? text::Words{}
                              : text::Words{"是“" + near + "”吗？", "Did you mean “" + near + "”?"}});
}

}  // namespace

Listed listed(const Edition& edition, const store::RecordStates& states, const Call& call,
              const RecordSight& sight, const schema::Register& target, const column::Table& table,
              std::optional<calendar::Period> period, Order how) {
  Listed out;
  const auto may_use = [&](const schema::Register& of, const schema::Field& field) {
    return may_query(edition, states, call.caller, sight.operation(), target, of, field);
  };
  const std::string where = call.query_or("where", ""), q = call.query_or("q", ""),
                    town = call.query_or("town", "");
  const std::string sort = call.query_or("sort", ""), columns = call.query_or("columns", "");
  listing::Filter filter;
  if (!where.empty()) {
    diagnostic::Diagnostics told;
    filter = listing::Filter::read(edition.pack->schema, target, where, told);
    for (diagnostic::Diagnostic& one : told) {
      one.place.file = "query";
      one.place.cell = "/where";
      one.place.line = 0;
      out.told.push_back(std::move(one));
    }
    const schema::Register* above = target.of.empty() ? nullptr : edition.pack->schema.find(target.of);
    for (const listing::Operand& operand : filter.operands()) {
      const schema::Register* of = operand.from == listing::Operand::From::Above ? above : &target;
      if (operand.field < 0 || of == nullptr) continue;
      const schema::Field& field = of->fields[static_cast<std::size_t>(operand.field)];
      if (!may_use(*of, field)) tell_field(out.told, "where", field.name, target);
    }
  }
  RowOrder order(edition, table);
  for (std::string_view part : text::split(sort, ',')) {
    if (part.empty()) continue;
    const bool falls = part.front() == '-';
    if (falls) part.remove_prefix(1);
    const std::size_t field = field_named(target, part);
    if (field == target.fields.size() || !may_use(target, target.fields[field]))
      tell_field(out.told, "sort", part, target);
    else
      order.add(field, falls);
  }
  for (const std::string_view part : text::split(columns, ',')) {
    if (part.empty()) continue;
    const std::size_t field = field_named(target, part);
    if (field == target.fields.size())
      tell_field(out.told, "columns", part, target);
    else
      out.columns.push_back(field);
  }
  if (out.columns.empty())
    for (std::size_t i = 0; i < target.fields.size(); ++i) out.columns.push_back(i);
  if (!out.told.empty()) return out;
  // Of one year, or of no period at all: conditions then run over columns.
  const bool is_one_part = period || target.period == schema::PeriodKey::None;
  const RowNumbers part = edition.warm->rows->rows(table, period);
  listing::Truths truths;
  if (!where.empty() && is_one_part)
    truths = filter.evaluate(TableRows(edition, target, period, period ? part.get() : nullptr));
  const view::ReachedTexts titles = edition.naming().titles(target.id);
  std::vector<bool> is_named;
  if (!q.empty() && titles.texts != nullptr)
    for (const std::string& each : titles.texts->dictionary)
      is_named.push_back(each.find(q) != std::string::npos);
  std::vector<std::uint8_t> is_of_town(town.empty() ? 0 : sight.towns());
  for (std::size_t number = 0; number < is_of_town.size(); ++number)
    is_of_town[number] = sight.town_code(number) == town ? 1 : 0;
  if (where.empty() && q.empty() && town.empty() && sight.shows_all()) {
    out.rows = part;
  } else {
    auto rows = std::make_shared<std::vector<std::uint32_t>>();
    for (std::size_t i = 0; i < part->size(); ++i) {
      const std::uint32_t row = (*part)[i];
      // What is false of a row needs no other question; what is not known of it is counted if it shows.
      if (!truths.empty() && truths[i] == listing::Truth::False) continue;
      if (!town.empty() && is_of_town[sight.town(row)] == 0) continue;
      if (!sight.shows(row)) continue;
      if (!q.empty() && table.key[row].find(q) == std::string::npos) {
        const std::int32_t title = titles.code(row);
        if (title < 0 || !is_named[static_cast<std::size_t>(title)]) continue;
      }
      if (!where.empty()) {
        const listing::Truth truth =
            is_one_part ? truths[i] : filter.truth_of([&](const listing::Operand& operand) {
              return operand_of(edition, target, row, operand);
            });
        if (truth == listing::Truth::Unknown) ++out.unknown;
        if (truth != listing::Truth::True) continue;
      }
      rows->push_back(row);
    }
    out.rows = std::move(rows);
  }
  if (how == Order::All) {
    out.all = order.part(*out.rows, 0, out.rows->size());
    return out;
  }
  const Cut cut = cut_of(call, out.rows->size());
  out.page = order.part(*out.rows, cut.from, cut.to);
  return out;
}

}  // namespace tenglong::server
