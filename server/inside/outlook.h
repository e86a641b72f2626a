// The series of a target's figure, for its forecast: month by month where the records say their day, else by
// year.
//
// Cost: months: one pass over the register of the target; years: those that a run has made, and only where
// there are as many as a forecast wants.
#pragma once
#include <memory>
#include <optional>
#include <string>

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

class Outlooks {
 public:
  Outlooks(District& district, const Edition& edition);
  // Nothing: its stretch is over, it has no figure of its own, or the pack gives no rule.
  std::optional<TargetOutlook> of(const pack::Target& counted);

 private:
  std::optional<TargetOutlook> by_month(const pack::Target& counted, int date_field);
  std::optional<TargetOutlook> by_year(const pack::Target& counted);
  District& district_;
  const Edition& edition_;
  std::optional<target::ForecastRule> rule_;
  std::unique_ptr<run::FigureReader> reader_ = {};
};

Shape outlook_shape();
// `goal`: for the shares of the axis.
void write_outlook(text::JsonWriter& out, const TargetOutlook& outlook, std::string_view unit,
                   const std::optional<quantity::Decimal>& goal);

}  // namespace tenglong::server
