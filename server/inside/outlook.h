// The series of a target's figure, for its forecast: month by month where the records say their day, else by
// year.
//
// Cost: months: one pass over the register of the target, once; years: those that a run has made, and only
// where there are as many as a forecast wants.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "campaign/target/forecast.h"
#include "engine/run/figure.h"
#include "server/district.h"
#include "server/routes.h"

namespace tenglong::server {

struct TargetOutlook {
  std::string until = {};  // 2023-12, or 2023
  bool by_month = false;
  quantity::Decimal confidence = 0;  // percent
  target::Outlook of = {};
};

// What each month brought, the oldest first, of a target that adds up dated records; whole months only, to
// the end of its stretch.
struct Months {
  int first = 0;  // as target::months_of counts
  std::vector<quantity::Decimal> brought = {};
};

class Outlooks {
 public:
  Outlooks(District& district, const Edition& edition);
  // Nothing: it does not add up, its records have no day, or no month of it is over.
  const Months* months(const pack::Target& counted);
  // Nothing: its stretch is over, it has no figure of its own, or the pack gives no rule.
  std::optional<TargetOutlook> of(const pack::Target& counted);

 private:
  std::optional<Months> read_months(const pack::Target& counted);
  std::optional<TargetOutlook> by_month(const pack::Target& counted, const Months& months);
  std::optional<TargetOutlook> by_year(const pack::Target& counted);
  District& district_;
  const Edition& edition_;
  std::optional<target::ForecastRule> rule_;
  std::unique_ptr<run::FigureReader> reader_ = {};
  std::map<std::string, std::optional<Months>, std::less<>> months_ = {};  // by target
};

Shape recent_months_shape();
// The last twelve of them, and what they brought together.
void write_recent(text::JsonWriter& out, const Months& months, std::string_view unit);
Shape month_shape();
// All of them, each with what it brought and what had come by its end; the oldest first.
void write_months(text::JsonWriter& out, const Months& months, std::string_view unit);

Shape outlook_shape();
// `goal`: for the shares of the axis.
void write_outlook(text::JsonWriter& out, const TargetOutlook& outlook, std::string_view unit,
                   const std::optional<quantity::Decimal>& goal);

}  // namespace tenglong::server
