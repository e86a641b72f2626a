// 更正单: proposed, decided by another, applied as a batch of its own. Choosing a rival.
#include <algorithm>
#include <set>

#include "campaign/collection/collection.h"
#include "engine/schema/credit_code.h"

namespace tenglong::collection {

namespace {

using registers::FieldValue;
using registers::Resolved;
using registers::Scalar;

bool same(const Scalar& a, const Scalar& b) {
  if (a.index() != b.index()) return false;
  if (const auto* number = std::get_if<quantity::Decimal>(&a))
    return *number == std::get<quantity::Decimal>(b);
  return a == b;
}
bool same(const FieldValue& a, State state, const Scalar& value) {
  return a.state == state && (state != State::Known || same(a.value, value));
}
std::string shown(State state, const Scalar& value) {
  if (state == State::Missing) return "缺报";
  if (state == State::NotApplicable) return "不适用";
  return registers::to_text(value) + (state == State::Disputed ? "（存疑）" : "");
}

void wants_person(const Act& act, std::vector<Reason>& reasons) {
  if (act.by.empty())
    reasons.push_back({{"没有写是谁办的", "nobody is named"}, {"写明经办人。", "Say who does it."}});
}

constexpr const char* kStageCodes[] = {"proposed", "approved", "rejected", "withdrawn"};

}  // namespace

const char* code_of(Stage stage) { return kStageCodes[static_cast<std::size_t>(stage)]; }

Stage stage_of(std::string_view code) {
  const auto found = std::find(std::begin(kStageCodes), std::end(kStageCodes), code);
  return found == std::end(kStageCodes) ? Stage::Proposed
                                        : static_cast<Stage>(found - std::begin(kStageCodes));
}

text::Words name_of(Stage stage) {
  switch (stage) {
    case Stage::Proposed:
      return {"待批", "proposed"};
    case Stage::Approved:
      return {"已批准", "approved"};
    case Stage::Rejected:
      return {"已驳回", "rejected"};
    case Stage::Withdrawn:
      return {"已撤回", "withdrawn"};
  }
  return {};
}

Decision<FieldValue> read_value(const schema::Schema& schema, const schema::Register& target, int index,
                                std::string_view typed) {
  const schema::Field& field = target.fields.at(static_cast<std::size_t>(index));
  const std::string written = text::to_half_width(text::trim(typed));
  FieldValue out{.field = index};
  const auto refuse = [&](text::Words why, text::Words cure) {
    return Decision<FieldValue>{.refused_because = {{std::move(why), std::move(cure)}}};
  };
  if (written.empty())
    return refuse({"“" + field.name + "”没有写值", "no value is given"},
                  {"没有数写“缺报”，不该有数写“不适用”。", "Write 缺报 or 不适用 where there is none."});
  if (written == "缺报" || written == "不适用") {
    out.state = written == "缺报" ? State::Missing : State::NotApplicable;
    return {.granted = out};
  }
  const std::string not_read = "“" + field.name + "”写的“" + written + "”读不成";
  if (field.type == schema::FieldType::Boolean) {
    if (written != "是" && written != "否" && written != "true" && written != "false")
      return refuse({not_read + "是或否", "“" + written + "” is neither yes nor no"},
                    {"写“是”或“否”。", "Write 是 or 否."});
    out.value = written == "是" || written == "true";
  } else if (field.type == schema::FieldType::Date) {
    const auto date = Date::parse_loosely(written);
    if (!date)
      return refuse({not_read + "日期", "“" + written + "” is no date"},
                    {"写成 2023-03-01 的样子。", "Write it as 2023-03-01."});
    out.value = *date;
  } else if (field.type == schema::FieldType::CreditCode) {
    const schema::CreditCode code = schema::read_credit_code(written);
    if (!code.is_usable())
      return refuse({not_read + "统一社会信用代码", "“" + written + "” is no credit code"},
                    {"核对 18 位代码。", "Check the 18 characters."});
    out.value = code.code;
  } else if (schema::is_number(field.type)) {
    const auto number = quantity::Decimal::parse(written);
    if (!number)
      return refuse(
          {not_read + "数", "“" + written + "” is no number"},
          {"只写数字，单位按" + (field.unit.is_bare() ? std::string("台账") : field.unit.name()) + "。",
           "Write digits only, in the field's unit."});
    if ((field.minimum && *number < *field.minimum) || (field.maximum && *field.maximum < *number))
      return refuse({"“" + field.name + "”的值 " + written + " 超出台账规定的范围",
                     written + " is beyond the bounds of the field"},
                    {"核对这个数。", "Check the number."});
    out.value = *number;
  } else if (const schema::Codes* codes = field.codes.empty() ? nullptr : schema.find_codes(field.codes)) {
    const schema::CodeEntry* entry = codes->recognise(written);
    if (!entry)
      return refuse(
          {"“" + written + "”不在代码表“" + codes->name + "”里", "“" + written + "” is no such code"},
          {"写代码表里的代码或名称。", "Write a code or name of the table."});
    out.value = entry->code;
  } else {
    out.value = std::string(text::trim(typed));
  }
  return {.granted = out};
}

Decision<Correction> propose(const Correction& wished, const Resolved* now, const schema::Register& target,
                             const std::vector<Locked>& locked, const std::vector<Correction>& others,
                             const Act& act) {
  std::vector<Reason> reasons;
  wants_person(act, reasons);
  const schema::Field* field = target.find(wished.field);
  if (!field)
    reasons.push_back({{"台账“" + target.name + "”没有字段 " + wished.field, "there is no such field"},
                       {"核对字段。", "Check the field."}});
  else if (field->is_computed())
    reasons.push_back({{"“" + field->name + "”由公式算出，不能更正", "a computed field cannot be corrected"},
                       {"更正它所用的字段。", "Correct what it is computed from."}});
  else if (std::find(target.key.begin(), target.key.end(), field->id) != target.key.end())
    reasons.push_back({{"“" + field->name + "”是记录的键，不能更正", "a key cannot be corrected"},
                       {"换码、合并走企业变更：tenglong identity。", "Enter an event of identity instead."}});
  if (!lock_of(locked, wished.period))
    reasons.push_back({{wished.period.to_string() + " 没有锁定，不用更正单", "the period is not locked"},
                       {"由提供单位更正来表后重报。", "The provider sends a corrected file."}});
  if (!now)
    reasons.push_back(
        {{"“" + target.name + "”" + wished.period.to_string() + " 没有记录 " + wished.record_key,
          "there is no such record"},
         {"核对代码与期间。", "Check key and period."}});
  else if (same(wished.to, now->state, now->value))
    reasons.push_back({{"现在的值就是 " + shown(now->state, now->value), "it has that value already"},
                       {"不用更正。", "Nothing needs to be corrected."}});
  if (wished.reason.empty())
    reasons.push_back({{"没有写更正理由", "a reason is missing"}, {"写明错在哪里。", "Say what was wrong."}});
  if (wished.evidence.empty())
    reasons.push_back({{"没有佐证", "evidence is missing"},
                       {"写明凭什么更正（文号、附件名）。", "Name the document that proves it."}});
  for (const Correction& other : others)
    if (other.stage == Stage::Proposed && other.register_id == wished.register_id &&
        other.record_key == wished.record_key && other.period == wished.period && other.field == wished.field)
      reasons.push_back({{"更正单 " + std::to_string(other.number) + " 正在更正同一个数",
                          "correction " + std::to_string(other.number) + " is open for the same value"},
                         {"先办结那一张。", "Decide that one first."}});
  if (!reasons.empty()) return {.refused_because = std::move(reasons)};
  Correction out = wished;
  out.from = {.field = wished.to.field, .state = now->state, .value = now->value};
  out.stage = Stage::Proposed;
  out.proposed_by = act.by;
  out.proposed_at = act.at;
  return {.granted = std::move(out)};
}

namespace {

void wants_open(const Correction& correction, std::vector<Reason>& reasons) {
  if (correction.stage == Stage::Proposed) return;
  reasons.push_back(
      {{"更正单 " + std::to_string(correction.number) + " " + name_of(correction.stage).zh + "，不能再办",
        "the correction is " + name_of(correction.stage).en},
       {"要再改，另提一张。", "Propose another one."}});
}

Correction ended(const Correction& correction, Stage to, const std::string& why, const Act& act) {
  Correction out = correction;
  out.stage = to;
  out.decided_by = act.by;
  out.decided_at = act.at;
  out.why = why;
  return out;
}

}  // namespace

Decision<Correction> withdraw(const Correction& correction, const Act& act) {
  std::vector<Reason> reasons;
  wants_person(act, reasons);
  wants_open(correction, reasons);
  if (act.by != correction.proposed_by)
    reasons.push_back({{"这张更正单是 " + correction.proposed_by + " 提的，由本人撤回",
                        "it was proposed by " + correction.proposed_by + ", who alone may withdraw it"},
                       {"请本人撤回，或由有权的人驳回。", "Ask that person, or have it rejected."}});
  if (!reasons.empty()) return {.refused_because = std::move(reasons)};
  return {.granted = ended(correction, Stage::Withdrawn, "", act)};
}

Decision<Correction> decide(const Correction& correction, Stage to, const std::string& why,
                            const Resolved* now, const Act& act) {
  std::vector<Reason> reasons;
  wants_person(act, reasons);
  wants_open(correction, reasons);
  if (!act.by.empty() && act.by == correction.proposed_by)
    reasons.push_back({{"提更正单的人不能自己" + std::string(to == Stage::Approved ? "批" : "驳"),
                        "who proposed it may not decide it"},
                       {"请另一人办。", "Another person decides."}});
  if (to == Stage::Rejected && why.empty())
    reasons.push_back({{"驳回没有写理由", "a rejection needs a reason"}, {"写明为什么。", "Say why."}});
  if (to == Stage::Approved && (!now || !same(correction.from, now->state, now->value)))
    reasons.push_back(
        {{"提出以后这个数又变了（当时是 " + shown(correction.from.state, correction.from.value) + "）",
          "the value has changed since it was proposed"},
         {"驳回这一张，按现在的值另提。", "Reject it and propose again."}});
  if (!reasons.empty()) return {.refused_because = std::move(reasons)};
  return {.granted = ended(correction, to, why, act)};
}

registers::Batch batch_of(const Correction& approved) {
  return {.id = approved.batch,
          .register_id = approved.register_id,
          .provider = "更正单 " + std::to_string(approved.number),
          .submitter = approved.decided_by,
          .received_at = approved.decided_at,
          .document = approved.evidence,
          .rows_read = 1,
          .rows_accepted = 1,
          .source = registers::Source::Correction,
          .reason = approved.reason};
}

registers::Statement statement_of(const Correction& approved, const schema::Register& target) {
  FieldValue value = approved.to;
  value.field = target.field_index(approved.field);
  return {.register_id = approved.register_id,
          .record_key = approved.record_key,
          .period = approved.period,
          .batch = approved.batch,
          .values = {std::move(value)}};
}

std::vector<Locked> snapshots_after(const Correction& approved, const std::vector<Locked>& locked) {
  std::vector<Locked> out;
  std::set<Period> seen;
  for (const Locked& each : locked) {
    if (each.period.to < approved.period.from || !seen.insert(each.period).second) continue;
    Locked next = *lock_of(locked, each.period);
    ++next.number;
    next.also.push_back(approved.batch);
    next.fingerprint.clear();
    next.exceptions.clear();
    next.correction = approved.number;
    next.by = approved.decided_by;
    next.at = approved.decided_at;
    out.push_back(std::move(next));
  }
  return out;
}

Decision<Choice> choose(const Choice& wished, const Resolved& among, const std::vector<Locked>& locked,
                        const Act& act) {
  std::vector<Reason> reasons;
  wants_person(act, reasons);
  if (wished.period && lock_of(locked, *wished.period))
    reasons.push_back({{wished.period->to_string() + " 已锁定", "the year is locked"},
                       {"锁后更正走更正单。", "Propose a correction."}});
  if (wished.reason.empty())
    reasons.push_back(
        {{"选定没有写理由", "a choice needs a reason"}, {"写明为什么取这一家的数。", "Say why this one."}});
  if (among.rivals.empty())
    reasons.push_back({{"这个数没有异说，不用选", "nobody says otherwise"}, {"", ""}});
  else if (!(same(wished.value, State::Known, among.value)) &&
           std::none_of(among.rivals.begin(), among.rivals.end(), [&](const Resolved::Rival& rival) {
             return same(wished.value, State::Known, rival.value);
           })) {
    std::string offered = registers::to_text(among.value);
    for (const Resolved::Rival& rival : among.rivals) offered += "、" + registers::to_text(rival.value);
    reasons.push_back(
        {{"没有哪一家报过 " + shown(wished.value.state, wished.value.value), "nobody gave that value"},
         {"从 " + offered + " 里选；都不对，请提供单位重报。", "Choose one of " + offered + "."}});
  }
  if (!reasons.empty()) return {.refused_because = std::move(reasons)};
  return {.granted = wished};
}

std::pair<registers::Batch, registers::Statement> batch_of(const Choice& choice, const Act& act) {
  FieldValue value = choice.value;
  value.field = choice.field;
  return {{.register_id = choice.register_id,
           .provider = "选定",
           .submitter = act.by,
           .received_at = act.at,
           .rows_read = 1,
           .rows_accepted = 1,
           .source = registers::Source::Choice,
           .reason = choice.reason},
          {.register_id = choice.register_id,
           .record_key = choice.record_key,
           .period = choice.period,
           .values = {std::move(value)}}};
}

}  // namespace tenglong::collection
