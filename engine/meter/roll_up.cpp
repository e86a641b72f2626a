#include <algorithm>
#include <cstdio>

#include "engine/fingerprint/fingerprint.h"
#include "engine/meter/meter.h"

namespace tenglong::meter {

namespace {

struct TroubleWords {
  Trouble trouble;
  const char* code;
  const char* zh;
  const char* en;
  const char* zh_cure;
  const char* en_cure;
};
constexpr TroubleWords kWords[] = {
    {Trouble::NoFirst, "W-METER-201", "期初没有读数", "has no reading when the period begins",
     "补报期初读数；新装的表把首次读数标为“启用”。",
     "Send it, or mark the first reading of a new meter as a start."},
    {Trouble::NoLast, "W-METER-202", "期末没有读数", "has no reading when the period ends",
     "补报期末读数；拆除的表把末次读数标为“停用”。",
     "Send it, or mark the last reading of a removed meter as an end."},
    {Trouble::Silent, "W-METER-203", "本期一次读数也没有", "has no reading at all in the period",
     "补报读数；已拆除的表把末次读数标为“停用”。", "Send them, or mark its last reading as an end."},
    {Trouble::Fell, "W-METER-204", "示数下降", "falls", "核对示数；换表或过零要报“停用”与“启用”两次读数。",
     "Check it; a change or rollover needs an end and a start."},
    {Trouble::Undeclared, "W-METER-205", "“启用”“停用”不成对",
     "has a start without an end, or the other way round", "补报换下时的末次读数，或换上时的首次读数。",
     "Send the last reading before, or the first after the change."},
    {Trouble::Moved, "W-METER-206", "换了企业而没有换表记录",
     "serves another enterprise without a declared change", "过户时报“停用”与“启用”两次读数。",
     "Send an end and a start when it changes hands."},
    {Trouble::Multiplier, "W-METER-207", "倍率变了而没有换表记录",
     "has another multiplier without a declared change", "换互感器时报“停用”与“启用”两次读数。",
     "Send an end and a start when the transformer changes."},
};

const TroubleWords& words_of(Trouble trouble) {
  return *std::find_if(std::begin(kWords), std::end(kWords),
                       [&](const TroubleWords& each) { return each.trouble == trouble; });
}

}  // namespace

std::string moment_text(calendar::Date day, int hours) {
  const calendar::Date on = day.plus_days(hours / 24);
  char text[16];
  std::snprintf(text, sizeof text, "T%02d:00:00", hours % 24);
  return on.to_string() + text;
}

RolledUp roll_up(const pack::Rollup& rollup, const schema::Schema& schema, const calendar::Period& period,
                 const Tally& tally) {
  RolledUp out;
  const schema::Register* target = schema.find(rollup.of);
  const auto field = static_cast<int>(target->find(rollup.field) - target->fields.data());
  const std::string what = "抄表汇总 " + rollup.meter + " " + period.to_string();
  fingerprint::Digest digest;
  digest.field(rollup.id).field(period.to_string());
  for (const Sum& sum : tally.sums) {
    const auto dial = quantity::Decimal::parse(std::to_string(sum.amount) + "e-4");
    const auto value = quantity::convert(*dial, rollup.to_field);
    if (!value) continue;  // beyond 34 digits: no meter counts so far
    registers::Statement said{
        .register_id = rollup.of, .record_key = sum.record_key, .period = period, .sheet = what};
    said.values.push_back({.field = field, .value = *value, .cell = std::to_string(sum.meters) + " 只表"});
    digest.field(sum.record_key).number(sum.amount).number(sum.meters);
    out.statements.push_back(std::move(said));
  }
  out.batch = {.register_id = rollup.of,
               .provider = rollup.provider,
               .submitter = rollup.id,
               .file_name = what,
               .file_fingerprint = digest.hex(),
               .rows_read = static_cast<std::int64_t>(tally.sums.size()),
               .rows_accepted = static_cast<std::int64_t>(out.statements.size()),
               .source = registers::Source::RollUp,
               .reason = rollup.id + "：表类 " + rollup.meter + "，" + moment_text(period.from) + " 至 " +
                         moment_text(period.to.plus_days(1)) + "，宽限 " +
                         std::to_string(rollup.within_hours) + " 小时"};
  for (const MeterTrouble& each : tally.troubles) {
    const TroubleWords& words = words_of(each.trouble);
    const std::string at = each.at.empty() ? std::string{} : "（" + each.at + "）";
    out.diagnostics.push_back(
        {.code = words.code,
         .severity = diagnostic::Severity::Warning,
         .place = {.file = what, .cell = each.meter},
         .clause = rollup.clause,
         .message = {"表 " + each.meter + " " + words.zh + at + "，企业 " + each.record_key + " 本期不出数。",
                     "Meter " + each.meter + " " + words.en + "; " + each.record_key + " gets no figure."},
         .advice = {words.zh_cure, words.en_cure}});
  }
  return out;
}

}  // namespace tenglong::meter
