#include "server/inside/ranked.h"

#include <algorithm>
#include <map>
#include <set>

#include "campaign/roster/roster.h"
#include "engine/explain/explain.h"
#include "server/inside/cells.h"

namespace tenglong::server {

namespace {

using What = RankedColumn::What;
using Wanted = std::set<std::string, std::less<>>;

constexpr const char* kStandingCodes[] = {"not_due", "rated", "exempt", "not_rated"};
constexpr const char* kStandingEnglish[] = {"Not due", "Rated", "Exempt", "Not rated"};
constexpr const char* kPlaceCodes[] = {"listed", "exempt", "not_listed", "unknown"};
constexpr const char* kPlaceEnglish[] = {"Listed", "Exempt", "Not listed", "To be checked"};

constexpr std::size_t kMostWorkedOut = 2000;

Wanted several(const Call& call, const char* name) {
  Wanted out;
  const std::string joined = call.query_or(name, "");
  for (const std::string_view part : text::split(joined, ','))
    if (!part.empty()) out.insert(std::string(part));
  return out;
}

template <typename T>
int order_between(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

std::string reached_text(const view::ReachedTexts& texts, std::size_t row) {
  const std::int32_t code = texts.code(row);
  return code < 0 ? std::string() : texts.texts->dictionary[static_cast<std::size_t>(code)];
}

int order_of_reached(const view::ReachedTexts& texts, std::size_t a, std::size_t b) {
  const std::int32_t left = texts.code(a), right = texts.code(b);
  return left == right ? 0
                       : order_between(texts.texts->dictionary[static_cast<std::size_t>(left)],
                                       texts.texts->dictionary[static_cast<std::size_t>(right)]);
}

int order_of_scalars(const registers::Scalar& a, const registers::Scalar& b) {
  if (const auto* left = std::get_if<quantity::Decimal>(&a))
    return order_between(*left, std::get<quantity::Decimal>(b));
  if (const auto* left = std::get_if<std::string>(&a)) return order_between(*left, std::get<std::string>(b));
  if (const auto* left = std::get_if<calendar::Date>(&a))
    return order_between(left->days(), std::get<calendar::Date>(b).days());
  if (const auto* left = std::get_if<bool>(&a)) return order_between(*left, std::get<bool>(b));
  return 0;
}

}  // namespace

Ranked::Ranked(const Edition& edition_of, std::string register_of)
    : edition(&edition_of),
      register_id(std::move(register_of)),
      of_(edition_of.pack->schema.find(register_id)),
      table_(edition_of.snapshot->find(register_id)),
      whose_(edition_of, register_id),
      titles_(edition_of.naming().titles(register_id)),
      industries_(reached_industry(edition_of, register_id)) {}

std::optional<Ranked> Ranked::find(const Edition& edition, access::State state, const Call& call,
                                   access::Operation operation, RankedKind kind, const std::string& id) {
  const pack::Scheme* scheme = kind == RankedKind::Scheme ? edition.pack->scheme(id) : nullptr;
  const pack::Roster* roster = kind == RankedKind::Roster ? edition.pack->roster(id) : nullptr;
  if (scheme == nullptr && roster == nullptr) return std::nullopt;
  Ranked out(edition, scheme != nullptr ? scheme->of : roster->of);
  if (out.of_ == nullptr || out.table_ == nullptr) return std::nullopt;
  out.scheme = scheme;
  out.roster = roster;
  if (scheme != nullptr) {
    out.outcomes = edition.result->scheme(scheme->name);
    if (out.outcomes != nullptr) out.mark = out.outcomes->mark;
    if (const schema::Codes* codes = edition.pack->schema.find_codes(scheme->codes))
      for (const schema::CodeEntry& entry : codes->entries) out.grades.push_back({entry.code, entry.name});
  } else {
    out.entries = edition.result->roster(roster->name);
    if (out.entries != nullptr) out.mark = out.entries->mark;
  }
  out.explained_ = std::make_shared<const Seen>(edition, call.caller, access::Operation::ExplainResult, state,
                                                out.register_id);
  out.make_columns();
  out.read(call);
  out.keep(call, Seen(edition, call.caller, operation, state, out.register_id));
  for (const Key& key : out.order_)
    if (const RankedColumn& column = out.columns[key.column]; !out.is_sortable(column))
      out.told.push_back(
          {.code = "E-SERVER-207",
           .place = {.file = "query", .cell = "/sort"},
           .message = {"“" + column.name.zh + "”要逐家算，超过 " + std::to_string(kMostWorkedOut) +
                           " 家不能按它排。",
                       "“" + column.name.en + "” is worked out row by row: no order by it of more than " +
                           std::to_string(kMostWorkedOut) + "."},
           .advice = {"先用条件把清单收窄。", "Narrow the list first."}});
  if (!out.told.empty()) out.rows.clear();
  return out;
}

void Ranked::make_columns() {
  if (scheme != nullptr)
    columns.push_back({.id = "rank", .name = {"名次", "Place"}, .what = What::Rank, .is_number = true});
  // Places are counted within a group.
  if (outcomes != nullptr && outcomes->groups.size() > 1)
    columns.push_back({.id = "group", .name = {"分组", "Group"}, .what = What::Group});
  columns.push_back({.id = "name", .name = {"名称", "Name"}, .what = What::Name});
  columns.push_back(
      {.id = "code", .name = {"代码", "Code"}, .what = What::Code, .is_usual = scheme != nullptr});
  columns.push_back({.id = "town", .name = {"镇街", "Town"}, .what = What::Town});
  columns.push_back({.id = "industry", .name = {"行业", "Industry"}, .what = What::Industry});
  if (scheme != nullptr) {
    columns.push_back({.id = "grade", .name = {"等级", "Grade"}, .what = What::Grade});
    columns.push_back(
        {.id = "total", .name = {"总分", "Total"}, .what = What::Total, .unit = "分", .is_number = true});
    columns.push_back(
        {.id = "standing", .name = {"参评情况", "Standing"}, .what = What::Standing, .is_usual = false});
    columns.push_back(
        {.id = "why", .name = {"免评或不评的理由", "Why not rated"}, .what = What::Why, .is_usual = false});
    for (std::size_t i = 0; i < scheme->items.size(); ++i)
      if (const pack::Indicator* of_item = edition->pack->indicator(scheme->items[i].indicator))
        columns.push_back({.id = of_item->id,
                           .name = {of_item->name + "得分", "Score of " + of_item->name},
                           .what = What::Score,
                           .is_usual = false,
                           .unit = "分",
                           .is_number = true,
                           .at = i});
    return;
  }
  columns.push_back({.id = "place", .name = {"结论", "Verdict"}, .what = What::Place});
  columns.push_back({.id = "why", .name = {"理由", "Reason"}, .what = What::Why});
  for (const std::string& shown_name : roster->shows) {
    if (const schema::Field* of_field = of_->find_by_name(shown_name)) {
      columns.push_back({.id = of_field->id,
                         .name = {of_field->name, of_field->name},
                         .what = What::Field,
                         .unit = of_field->unit.name(),
                         .is_number = schema::is_number(of_field->type),
                         .at = static_cast<std::size_t>(of_->field_index(of_field->id))});
    } else if (const pack::Indicator* shown_one = edition->pack->indicator(shown_name)) {
      columns.push_back({.id = shown_one->id,
                         .name = {shown_one->name, shown_one->name},
                         .what = What::Value,
                         .unit = shown_one->unit.name(),
                         .is_number = shown_one->type.kind == feel::Kind::Number,
                         .indicator = shown_one});
    }
  }
}

std::optional<std::size_t> Ranked::column_named(std::string_view id, const char* parameter) {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].id == id) return i;
    known.push_back(columns[i].id);
  }
  const std::string near = text::nearest(id, known);
  told.push_back(
      {.code = "E-SERVER-207",
       .place = {.file = "query", .cell = std::string("/") + parameter},
       .message = {"“" + block().name + "”没有可用的列“" + std::string(id) + "”。",
                   "“" + block().name + "” has no column “" + std::string(id) + "” that can be used."},
       .advice = near.empty() ? text::Words{}
                              : text::Words{"是“" + near + "”吗？", "Did you mean “" + near + "”?"}});
  return std::nullopt;
}

void Ranked::read(const Call& call) {
  const std::string asked_columns = call.query_or("columns", ""),
                    sort = call.query_or("sort", scheme != nullptr ? "rank" : "code");
  for (const std::string_view part : text::split(asked_columns, ','))
    if (!part.empty())
      if (const auto at = column_named(part, "columns")) chosen.push_back(*at);
  if (asked_columns.empty())
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (columns[i].is_usual) chosen.push_back(i);
  for (std::string_view part : text::split(sort, ',')) {
    if (part.empty()) continue;
    const bool falls = part.front() == '-';
    if (falls) part.remove_prefix(1);
    if (const auto at = column_named(part, "sort")) order_.push_back({*at, falls});
  }
}

void Ranked::keep(const Call& call, const Seen& seen) {
  const Wanted of_towns = several(call, "town"), of_industries = several(call, "industry"),
               of_grades = several(call, "grade");
  const std::string q = call.query_or("q", ""), standing = call.query_or("standing", ""),
                    place = call.query_or("place", "listed");
  const auto from = quantity::Decimal::parse(call.query_or("total_from", "")),
             below = quantity::Decimal::parse(call.query_or("total_below", ""));
  std::vector<bool> is_named;
  if (!q.empty() && titles_.texts != nullptr)
    for (const std::string& each : titles_.texts->dictionary)
      is_named.push_back(each.find(q) != std::string::npos);
  // What fits is settled once a town and once an industry.
  std::vector<bool> town_fits(whose_.towns()), town_is(whose_.towns());
  for (std::size_t i = 0; i < town_fits.size(); ++i)
    town_fits[i] = of_towns.empty() || of_towns.contains(whose_.town_code(i));
  const std::size_t kinds =
      industries_.texts.texts == nullptr ? 0 : industries_.texts.texts->dictionary.size();
  std::vector<bool> industry_fits(kinds + 1), industry_is(kinds + 1);
  for (std::size_t i = 0; i <= kinds; ++i)
    industry_fits[i] = of_industries.empty() ||
                       (i > 0 && of_industries.contains(industries_.texts.texts->dictionary[i - 1]));
  const auto take = [&](const RankedRow& one) {
    if (!seen.row(one.row)) return;
    const std::size_t in_town = whose_.town(one.row),
                      in_industry = static_cast<std::size_t>(industries_.texts.code(one.row) + 1);
    town_is[in_town] = industry_is[in_industry] = true;
    if (!told.empty() || !town_fits[in_town] || !industry_fits[in_industry]) return;
    if (one.outcome != nullptr) {
      const result::Outcome& outcome = *one.outcome;
      if (!of_grades.empty() && !of_grades.contains(outcome.grade)) return;
      if (!standing.empty() && standing != kStandingCodes[static_cast<std::size_t>(outcome.standing)]) return;
      if ((from || below) && !outcome.total) return;
      if ((from && *outcome.total < *from) || (below && !(*outcome.total < *below))) return;
    } else if (place != "all" && place != kPlaceCodes[static_cast<std::size_t>(one.entry->place)]) {
      return;
    }
    if (!q.empty() && one.key->find(q) == std::string::npos) {
      const std::int32_t title_code = titles_.code(one.row);
      if (title_code < 0 || !is_named[static_cast<std::size_t>(title_code)]) return;
    }
    rows.push_back(one);
  };
  if (outcomes != nullptr)
    for (const result::Outcome& outcome : outcomes->outcomes)
      if (outcome.standing != result::Standing::NotDue)
        take({.row = outcome.row, .key = &outcome.key.str(), .outcome = &outcome});
  if (entries != nullptr)
    for (const result::RosterEntry& entry : entries->entries)
      take({.row = entry.row, .key = &entry.key.str(), .entry = &entry});
  const auto by_code = [](const RankedChoice& a, const RankedChoice& b) { return a.code < b.code; };
  for (std::size_t i = 1; i < town_is.size(); ++i)
    if (town_is[i]) {
      const std::string code(whose_.town_code(i));
      towns.push_back({code, edition->naming().town_name(code)});
    }
  for (std::size_t i = 1; i <= kinds; ++i)
    if (industry_is[i]) {
      const std::string& code = industries_.texts.texts->dictionary[i - 1];
      industries.push_back({code, industries_.name(code)});
    }
  std::sort(towns.begin(), towns.end(), by_code);
  std::sort(industries.begin(), industries.end(), by_code);
}

std::string Ranked::title(std::size_t row) const { return reached_text(titles_, row); }

std::size_t Ranked::grade_at(const std::string& grade) const {
  for (std::size_t i = 0; i < grades.size(); ++i)
    if (grades[i].code == grade) return i;
  return grades.size();
}

bool Ranked::is_known(const RankedRow& row, const RankedColumn& column) const {
  switch (column.what) {
    case What::Rank:
      return row.outcome->rank > 0;
    case What::Group:
      return row.outcome->group >= 0;
    case What::Name:
      return titles_.code(row.row) >= 0;
    case What::Town:
      return whose_.town(row.row) > 0;
    case What::Industry:
      return industries_.texts.code(row.row) >= 0;
    case What::Grade:
      return !row.outcome->grade.empty();
    case What::Total:
      return row.outcome->total.has_value();
    case What::Why:
      return !(row.outcome != nullptr ? row.outcome->why : row.entry->why).empty();
    case What::Score:
      return column.at < row.outcome->items.size() && row.outcome->items[column.at].score.has_value();
    case What::Field:
      return column::state_of(*table_, column.at, row.row) == quantity::State::Known;
    case What::Value: {
      const RankedCell& cell = worked_.at(static_cast<std::size_t>(&column - columns.data())).at(row.row);
      return cell.state == quantity::State::Known && (!column.is_number || cell.number.has_value());
    }
    default:
      return true;
  }
}

std::string Ranked::row_group(const RankedRow& row) const {
  return row.outcome->group < 0 ? std::string()
                                : outcomes->groups[static_cast<std::size_t>(row.outcome->group)];
}

int Ranked::compare(const RankedRow& a, const RankedRow& b, const RankedColumn& column) const {
  switch (column.what) {
    case What::Rank:
      return order_between(a.outcome->rank, b.outcome->rank);
    case What::Group:
      return order_between(row_group(a), row_group(b));
    case What::Name:
      return order_of_reached(titles_, a.row, b.row);
    case What::Code:
      return order_between(*a.key, *b.key);
    case What::Town:
      return order_between(whose_.town_code(whose_.town(a.row)), whose_.town_code(whose_.town(b.row)));
    case What::Industry:
      return order_of_reached(industries_.texts, a.row, b.row);
    case What::Grade:
      return order_between(grade_at(a.outcome->grade), grade_at(b.outcome->grade));
    case What::Total:
      return order_between(*a.outcome->total, *b.outcome->total);
    case What::Standing:
      return order_between(a.outcome->standing, b.outcome->standing);
    case What::Why:
      return a.outcome != nullptr ? order_between(a.outcome->why, b.outcome->why)
                                  : order_between(a.entry->why, b.entry->why);
    case What::Score:
      return order_between(*a.outcome->items[column.at].score, *b.outcome->items[column.at].score);
    case What::Place:
      return order_between(a.entry->place, b.entry->place);
    case What::Field:
      return order_of_scalars(scalar_of(table_->columns[column.at], a.row),
                              scalar_of(table_->columns[column.at], b.row));
    case What::Value: {
      const auto& cells = worked_.at(static_cast<std::size_t>(&column - columns.data()));
      const RankedCell &left = cells.at(a.row), &right = cells.at(b.row);
      return left.number && right.number ? order_between(*left.number, *right.number)
                                         : order_between(left.text.zh, right.text.zh);
    }
  }
  return 0;
}

bool Ranked::is_sortable(const RankedColumn& column) const {
  return column.what != What::Value || rows.size() <= kMostWorkedOut;
}

void Ranked::put_first(std::size_t to) {
  to = std::min(to, rows.size());
  for (const Key& key : order_)
    if (columns[key.column].what == What::Value)
      for (const RankedRow& row : rows)
        worked_[key.column][row.row] =
            cell(row, columns[key.column], read_row(*edition, register_id, row.row));
  const auto before = [&](const RankedRow& a, const RankedRow& b) {
    for (const Key& key : order_) {
      const RankedColumn& column = columns[key.column];
      const bool has_a = is_known(a, column), has_b = is_known(b, column);
      if (has_a != has_b) return has_a;
      if (!has_a) continue;
      if (const int order = compare(a, b, column); order != 0) return key.falls ? order > 0 : order < 0;
    }
    return *a.key < *b.key;
  };
  std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(to), rows.end(), before);
}

std::optional<run::RowView> Ranked::view_of(const RankedRow& row) const {
  const bool is_needed = std::any_of(chosen.begin(), chosen.end(), [&](std::size_t at) {
    return columns[at].what == What::Value || (columns[at].what == What::Why && roster != nullptr);
  });
  if (!is_needed) return std::nullopt;
  return read_row(*edition, register_id, row.row);
}

// Whether its condition holds, with the figures that it rests on.
text::Words Ranked::reason(const RankedRow& row, const run::RowView& view) const {
  const result::RosterEntry& entry = *row.entry;
  if (!entry.why.empty() || !explained_->row(row.row)) return {entry.why, entry.why};
  const explain::Reason whole = explain::explain(
      *edition->pack, *edition->snapshot, view, "",
      [](std::string_view, std::size_t, int) { return std::optional<explain::Source>(); }, roster->name);
  if (whole.because.empty() || whole.because[0].because.empty()) return {};
  const std::vector<explain::Reason>& inputs = whole.because[0].because[0].because;
  const bool has_units =
      std::any_of(inputs.begin(), inputs.end(), [](const auto& one) { return !one.unit.empty(); });
  std::string zh, en;
  for (const explain::Reason& one : inputs) {
    if (has_units && one.unit.empty()) continue;
    const std::string figure = one.name + " " + one.value + (one.unit.empty() ? "" : " " + one.unit);
    zh += (zh.empty() ? "" : "，") + figure;
    en += (en.empty() ? "" : ", ") + figure;
  }
  const bool holds = entry.place == result::RosterEntry::Place::Listed;
  return {(holds ? "条件成立：" : "条件不成立：") + zh,
          (holds ? "Condition holds: " : "Condition fails: ") + en};
}

RankedCell Ranked::cell(const RankedRow& row, const RankedColumn& column,
                        const std::optional<run::RowView>& view) const {
  const auto same = [](const std::string& text) { return text::Words{text, text}; };
  const auto number = [&](const std::optional<quantity::Decimal>& value, quantity::State state) {
    RankedCell out{.state = state};
    if (value && state == quantity::State::Known) out.number = value, out.text = same(value->to_string());
    return out;
  };
  switch (column.what) {
    case What::Rank:
      if (row.outcome->rank == 0) return {.state = quantity::State::NotApplicable};
      return {same(std::to_string(row.outcome->rank)), quantity::Decimal(row.outcome->rank)};
    case What::Group:
      return {same(row_group(row))};
    case What::Name:
      return {same(title(row.row))};
    case What::Code:
      return {same(*row.key)};
    case What::Town:
      return {same(edition->naming().town_name(town(row.row)))};
    case What::Industry:
      return {same(industry(row.row))};
    case What::Grade:
      return {same(row.outcome->grade)};
    case What::Total:
      return number(row.outcome->total,
                    row.outcome->total ? quantity::State::Known : quantity::State::NotApplicable);
    case What::Standing:
      return {{result::to_chinese(row.outcome->standing),
               kStandingEnglish[static_cast<std::size_t>(row.outcome->standing)]}};
    case What::Why:
      if (row.outcome != nullptr) return {same(row.outcome->why)};
      return {view ? reason(row, *view) : same(row.entry->why)};
    case What::Score:
      if (column.at >= row.outcome->items.size()) return {.state = quantity::State::NotApplicable};
      return number(row.outcome->items[column.at].score, row.outcome->items[column.at].state);
    case What::Place:
      return {
          {roster::to_chinese(row.entry->place), kPlaceEnglish[static_cast<std::size_t>(row.entry->place)]}};
    case What::Field: {
      const quantity::State state = column::state_of(*table_, column.at, row.row);
      if (state != quantity::State::Known) return {same(quantity::to_chinese(state)), {}, state};
      const std::string written = text_of_cell(*table_, column.at, row.row);
      if (column.is_number) return {same(written), quantity::Decimal::parse(written)};
      return {same(shown(*edition, field(column), written))};
    }
    case What::Value:
      if (view)
        for (const run::IndicatorView& one : view->indicators)
          if (one.indicator == column.indicator) {
            if (column.is_number) return number(quantity::Decimal::parse(text_of(one.rounded)), one.state);
            if (one.state != quantity::State::Known)
              return {same(quantity::to_chinese(one.state)), {}, one.state};
            return {same(text_of(one.rounded))};
          }
      return {.state = quantity::State::NotApplicable};
  }
  return {};
}

std::vector<Parameter> ranked_parameters(RankedKind kind) {
  std::vector<Parameter> out{{"town", Shape::text(400), "codes"},
                             {"industry", Shape::text(400), "codes"},
                             {"q", Shape::text(60), "part of the name or the code"},
                             {"sort", Shape::text(300), "columns; - before one: falling"},
                             {"columns", Shape::text(2000), "ids; the usual ones if not given"}};
  if (kind == RankedKind::Scheme) {
    out.push_back({"grade", Shape::text(60), "codes"});
    out.push_back({"standing", Shape::choice({"rated", "exempt", "not_rated"}), ""});
    out.push_back({"total_from", Shape::decimal(), "at least"});
    out.push_back({"total_below", Shape::decimal(), ""});
  } else {
    out.push_back({"place", Shape::choice({"listed", "exempt", "not_listed", "unknown", "all"}),
                   "listed if not given"});
  }
  return out;
}

}  // namespace tenglong::server
