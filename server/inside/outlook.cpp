#include "server/inside/outlook.h"

#include <algorithm>

#include "campaign/target/report.h"
#include "server/inside/write.h"

namespace tenglong::server {

using quantity::Decimal;

namespace {

// The field of dates that the target's scope sets against its stretch: 盘活日期 in 期间. -1: none.
int date_field_of(const schema::Register& over, const std::string& where) {
  for (std::size_t i = 0; i < over.fields.size(); ++i)
    if (over.fields[i].type == schema::FieldType::Date && where == over.fields[i].name + " in 期间")
      return static_cast<int>(i);
  return -1;
}

}  // namespace

Outlooks::Outlooks(District& district, const Edition& edition)
    : district_(district),
      edition_(edition),
      rule_(edition.period ? target::forecast_rule(*edition.pack, edition.on) : std::nullopt) {}

const Months* Outlooks::months(const pack::Target& counted) {
  auto known = months_.find(counted.id);
  if (known == months_.end()) known = months_.emplace(counted.id, read_months(counted)).first;
  return known->second ? &*known->second : nullptr;
}

std::optional<Months> Outlooks::read_months(const pack::Target& counted) {
  if (!edition_.period || counted.kind != pack::TargetKind::Cumulative || !counted.from || !counted.to ||
      !counted.formula.present())
    return std::nullopt;
  const schema::Register* over = edition_.pack->schema.find(counted.over);
  const int date_field = over == nullptr ? -1 : date_field_of(*over, counted.where.text);
  // The last month that is whole, and not beyond the stretch.
  const int last = std::min(target::months_of(edition_.on.plus_days(1)) - 1, target::months_of(*counted.to));
  if (date_field < 0 || last < target::months_of(*counted.from)) return std::nullopt;
  if (!reader_)
    reader_ = std::make_unique<run::FigureReader>(*edition_.pack, *edition_.snapshot,
                                                  run::Options{.period = *edition_.period});
  const auto view = reader_->read(counted.id);
  // One sum, and nothing done to it: only then do the records of a month say what the month brought.
  if (!view || view->sums.size() != 1 || view->sums[0].function != "sum" ||
      view->value.kind() != feel::Kind::Number || view->sums[0].value.kind() != feel::Kind::Number ||
      view->value.number() != view->sums[0].value.number())
    return std::nullopt;
  const column::Table* table = edition_.snapshot->find(view->register_id);
  if (table == nullptr) return std::nullopt;
  const auto* dates = std::get_if<column::DateColumn>(&table->columns[static_cast<std::size_t>(date_field)]);
  if (dates == nullptr) return std::nullopt;
  std::vector<target::Dated> amounts;
  for (const run::PartView& part : view->parts)
    if (!part.values.empty() && part.values[0].kind() == feel::Kind::Number &&
        dates->state[part.row] == quantity::State::Known)
      amounts.push_back({calendar::Date::from_days(dates->days[part.row]), part.values[0].number()});
  return Months{.first = target::months_of(*counted.from),
                .brought = target::brought_by_month(amounts, *counted.from, last)};
}

std::optional<TargetOutlook> Outlooks::of(const pack::Target& counted) {
  if (!rule_ || !counted.formula.present() || counted.over.empty() || !counted.to ||
      edition_.on >= *counted.to)
    return std::nullopt;
  if (const Months* each = months(counted)) return by_month(counted, *each);
  return by_year(counted);
}

std::optional<TargetOutlook> Outlooks::by_month(const pack::Target& counted, const Months& months) {
  const int last = months.first + static_cast<int>(months.brought.size()) - 1;
  const int ahead = target::months_of(*counted.to) - last;
  if (ahead < 1) return std::nullopt;
  TargetOutlook out{
      .until = counted.to->to_string().substr(0, 7), .by_month = true, .confidence = rule_->confidence};
  out.of = target::outlook(target::added_up(months.brought), 12, static_cast<std::size_t>(ahead), *rule_,
                           edition_.pack->head.rounding);
  return out;
}

std::optional<TargetOutlook> Outlooks::by_year(const pack::Target& counted) {
  const int year = edition_.period->to.year, ahead = counted.to->year - year;
  if (ahead < 1) return std::nullopt;
  std::vector<std::string> years;
  for (const std::string& each : district_.years())
    if (each <= edition_.period->to_string()) years.push_back(each);
  std::sort(years.begin(), years.end());
  TargetOutlook out{.until = std::to_string(counted.to->year), .confidence = rule_->confidence};
  const quantity::Rounding& rounding = edition_.pack->head.rounding;
  const auto steps = static_cast<std::size_t>(ahead);
  // Without as many years as it wants there is nothing to read.
  out.of = target::outlook(std::vector<Decimal>(years.size()), 1, steps, *rule_, rounding);
  if (out.of.has < out.of.wants) return out;
  std::vector<Decimal> series;
  for (const std::string& each : years) {
    const auto of_year = district_.targets_of(edition_, each);
    const result::TargetValue* value = nullptr;
    if (of_year != nullptr)
      for (const result::TargetValue& one : of_year->targets)
        if (one.target == counted.id) value = &one;
    if (value == nullptr || value->cells.empty() || !value->cells[0].value)
      series.clear();  // a hole: what lies before it is no series
    else
      series.push_back(*value->cells[0].value);
  }
  out.of = target::outlook(series, 1, steps, *rule_, rounding);
  return out;
}

Shape recent_months_shape() {
  return Shape::object("RecentMonths", {{"from", Shape::text(), "2023-01"},
                                        {"until", Shape::text(), "2023-12"},
                                        {"added", figure_shape(), "together"},
                                        {"each", Shape::list(Shape::decimal()), "a month"}});
}

void write_recent(text::JsonWriter& out, const Months& months, std::string_view unit) {
  const std::size_t count = std::min<std::size_t>(12, months.brought.size());
  const auto begin = months.brought.end() - static_cast<std::ptrdiff_t>(count);
  const int last = months.first + static_cast<int>(months.brought.size()) - 1;
  out.begin_object().member("from", target::month_name(last + 1 - static_cast<int>(count)));
  out.member("until", target::month_name(last)).key("added");
  write_figure(out, target::added_up({begin, months.brought.end()}).back(), unit, quantity::State::Known);
  out.key("each").begin_array();
  for (auto each = begin; each != months.brought.end(); ++each) out.string(each->to_string());
  out.end_array().end_object();
}

Shape month_shape() {
  return Shape::object("MonthFigure", {{"period", Shape::text(), "2023-09"},
                                       {"added", figure_shape(), "in it"},
                                       {"total", figure_shape(), "by its end, from the start"}});
}

void write_months(text::JsonWriter& out, const Months& months, std::string_view unit) {
  const std::vector<Decimal> totals = target::added_up(months.brought);
  out.begin_array();
  for (std::size_t i = 0; i < totals.size(); ++i) {
    out.begin_object().member("period", target::month_name(months.first + static_cast<int>(i))).key("added");
    write_figure(out, months.brought[i], unit, quantity::State::Known);
    out.key("total");
    write_figure(out, totals[i], unit, quantity::State::Known);
    out.end_object();
  }
  out.end_array();
}

Shape outlook_shape() {
  std::vector<Member> members = {{"until", Shape::text(), "the last period forecast: 2023-12, or 2023"},
                                 {"each", Shape::choice({"month", "year"}), "a period"},
                                 {"has", Shape::count(), "periods"},
                                 {"wants", Shape::count(), "periods; with fewer there is no forecast"},
                                 {"past_errors", Shape::count(), "that the interval rests on"},
                                 {"confidence", Shape::decimal(), "percent"}};
  for (const char* name : {"expected", "low", "high"})
    members.push_back({name, figure_shape(), "", Presence::Optional});
  for (const char* name : {"expected_share", "low_share", "high_share"})
    members.push_back({name, Shape::decimal(), "percent of the goal", Presence::Optional});
  return Shape::object("Outlook", members);
}

void write_outlook(text::JsonWriter& out, const TargetOutlook& outlook, std::string_view unit,
                   const std::optional<Decimal>& goal) {
  out.begin_object().member("until", outlook.until).member("each", outlook.by_month ? "month" : "year");
  out.member("has", static_cast<std::int64_t>(outlook.of.has));
  out.member("wants", static_cast<std::int64_t>(outlook.of.wants));
  out.member("past_errors", static_cast<std::int64_t>(outlook.of.past_errors));
  out.member("confidence", outlook.confidence.to_string());
  if (outlook.of.forecast) {
    const target::Forecast& to_come = *outlook.of.forecast;
    for (const auto& [name, value] : {std::pair<std::string, Decimal>{"expected", to_come.expected},
                                      {"low", to_come.low},
                                      {"high", to_come.high}}) {
      out.key(name);
      write_figure(out, value, unit, quantity::State::Known, {.period = outlook.until});
      if (const auto share = goal ? target::percent_of_goal(value, *goal) : std::nullopt)
        out.member(name + "_share", share->to_string());
    }
  }
  out.end_object();
}

}  // namespace tenglong::server
