#include "server/inside/write.h"

#include <algorithm>

#include "engine/fingerprint/fingerprint.h"

namespace tenglong::server {

void write_figure(text::JsonWriter& out, const std::optional<quantity::Decimal>& value, std::string_view unit,
                  quantity::State state, const Basis& basis) {
  out.begin_object();
  const bool known = value && state == quantity::State::Known;
  if (known) out.member("value", value->to_string());
  if (!unit.empty()) out.member("unit", unit);
  out.member("state", !basis.state.empty()                        ? basis.state.c_str()
                      : state == quantity::State::Known && !known ? "missing"
                                                                  : quantity::to_code(state));
  if (!basis.period.empty()) out.member("period", basis.period);
  if (!basis.source.empty()) out.member("source", basis.source);
  if (!basis.clause.empty()) out.member("clause", basis.clause);
  if (!basis.mark.empty()) out.member("mark", basis.mark);
  if (!basis.reason.empty()) {
    out.key("reason");
    write_words(out, basis.reason);
  }
  out.end_object();
}

void write_number(text::JsonWriter& out, const feel::Value& value, std::string_view unit,
                  quantity::State state, const Basis& basis) {
  std::optional<quantity::Decimal> number;
  if (value.kind() == feel::Kind::Number) number = quantity::Decimal::parse(text_of(value));
  write_figure(out, number, unit, state, basis);
}

std::string text_of(const feel::Value& value) {
  if (value.is_null()) return {};
  if (value.kind() == feel::Kind::Number) {
    const quantity::Decimal number = value.number();
    return number.significant_digits() <= 15 ? number.to_string()
                                             : number.rounded(6, quantity::RoundingMode::HalfUp).to_string();
  }
  return value.to_text();
}

void write_value(text::JsonWriter& out, const feel::Value& value) {
  if (value.is_null())
    out.null();
  else
    out.string(text_of(value));
}

void write_list(text::JsonWriter& out, const std::vector<std::string>& items) {
  out.begin_array();
  for (const std::string& item : items) out.string(item);
  out.end_array();
}

Parameter page_parameter() { return {"page", Shape::integer(1, 1000000), "from 1"}; }
Parameter size_parameter() { return {"size", Shape::integer(1, 500), "rows of a page, 50 if not given"}; }
Parameter period_parameter() { return {"period", Shape::text(30), "2023; the present year if not given"}; }

Cut cut_of(const Call& call, std::size_t count) {
  const auto size = static_cast<std::size_t>(call.number_or("size", 50));
  const auto page = static_cast<std::size_t>(call.number_or("page", 1));
  const std::size_t from = std::min(count, (page - 1) * size);
  return {from, std::min(count, from + size)};
}

Route reading(const char* path, const char* id, Summary summary, Right right,
              std::vector<Parameter> parameters, Shape shape, Handler handler) {
  return {Method::Get,
          path,
          id,
          std::move(summary),
          right,
          Repeat::Reads,
          Runs::OnWorker,
          std::move(parameters),
          Input::none(),
          Output::json(std::move(shape)),
          std::move(handler)};
}

Parameter in_path(const char* name, const char* meaning, std::size_t most) {
  return {name, Shape::text(most, 1), meaning, Presence::Required};
}

Answer json(text::JsonWriter& out) { return {.body = out.take()}; }

Answer tagged(text::JsonWriter& out) {
  Answer answer{.body = out.take()};
  answer.headers.push_back({"ETag", "\"" + fingerprint::of_bytes(answer.body).substr(0, 24) + "\""});
  answer.headers.push_back({"Cache-Control", "private, no-cache"});
  return answer;
}

Asked asked_edition(District& district, const Call& call) {
  Asked out;
  const std::string period = call.query_or("period", "");
  out.edition = district.edition_of(period);
  if (out.edition == nullptr) {
    out.refused =
        problem(404, "E-SERVER-306",
                {"没有“" + period + "”年度的数据。", "There is no data of the year “" + period + "”."},
                {"有数据的年度列在 /api/pack。", "The years with data are in /api/pack."});
  } else if (!out.edition->period) {
    out.refused = problem(404, "E-SERVER-306", {"还没有年度数据。", "There is no yearly data yet."},
                          {"先在“数据”页导入来表。", "Import a workbook first."});
  } else {
    out.state = state_of_result(*out.edition, district.store().lists().states());
  }
  return out;
}

const char* code_of(access::State state) {
  constexpr const char* kCodes[access::kStates] = {"draft", "confirmed", "locked", "published"};
  return kCodes[static_cast<std::size_t>(state)];
}
Shape state_shape() { return Shape::choice({"draft", "confirmed", "locked", "published"}); }

const char* code_of(result::Standing standing) {
  constexpr const char* kCodes[] = {"not_due", "rated", "exempt", "not_rated"};
  return kCodes[static_cast<std::size_t>(standing)];
}
Shape standing_shape() { return Shape::choice({"rated", "exempt", "not_rated", "not_due"}); }

simulate::Simulation& warm_simulation(const Edition& edition) {
  if (edition.warm->simulation == nullptr)
    edition.warm->simulation = std::make_unique<simulate::Simulation>(
        *edition.pack, *edition.snapshot, run::Options{.period = *edition.period}, *edition.result);
  return *edition.warm->simulation;
}

std::string ReachedIndustry::code(std::size_t row) const {
  const std::int32_t at = texts.code(row);
  return at < 0 ? std::string() : texts.texts->dictionary[static_cast<std::size_t>(at)];
}

std::string ReachedIndustry::name(std::string_view of_code) const {
  const schema::CodeEntry* entry = codes == nullptr ? nullptr : codes->find(of_code);
  return entry == nullptr ? std::string(of_code) : entry->name;
}

ReachedIndustry reached_industry(const Edition& edition, std::string_view register_id) {
  ReachedIndustry out;
  const schema::Register* target = edition.pack->schema.find(register_id);
  while (target != nullptr) {
    const column::Table* table = edition.snapshot->find(target->id);
    if (table == nullptr) return {};
    for (std::size_t i = 0; i < target->fields.size(); ++i) {
      const schema::Field& field = target->fields[i];
      if (field.type != schema::FieldType::Code || field.id.find("industry") == std::string::npos) continue;
      out.texts.texts = std::get_if<column::TextColumn>(&table->columns[i]);
      out.codes = edition.pack->schema.find_codes(field.codes);
      return out;
    }
    if (target->of.empty()) return {};
    out.texts.up.push_back(table);
    target = edition.pack->schema.find(target->of);
  }
  return {};
}

std::string industry_of(const Edition& edition, std::string_view register_id, std::size_t row) {
  const ReachedIndustry reached = reached_industry(edition, register_id);
  return reached.name(reached.code(row));
}

Seen::Seen(const Edition& edition, const Caller& caller, access::Operation operation, access::State state,
           std::string register_id)
    : edition_(edition),
      state_(state),
      register_id_(std::move(register_id)),
      filter_(caller.scope.rows(operation, state)),
      whose_(edition, register_id_) {
  if (filter_.everything || filter_.is_empty()) return;
  for (std::size_t number = 0; number < whose_.towns(); ++number)
    towns_.push_back(filter_.towns.contains(std::string(whose_.town_code(number))));
  by_row_ = std::any_of(filter_.conditional.begin(), filter_.conditional.end(),
                        [&](const auto& each) { return each.register_id == register_id_; });
  // Those who see the data of their own department see the rows that hold any.
  if (const schema::Register* target = edition.pack->schema.find(register_id_))
    by_department_ = std::any_of(target->fields.begin(), target->fields.end(), [&](const auto& field) {
      return filter_.departments.contains(field.provider);
    });
}

bool Seen::row(std::size_t at) const {
  if (filter_.everything) return true;
  if (filter_.is_empty()) return false;
  if (by_department_ || towns_[whose_.town(at)] ||
      (!filter_.firms.empty() && filter_.firms.contains(std::string(whose_.firm(at)))))
    return true;
  return by_row_ && filter_.admits(object_of(edition_, register_id_, at, state_));
}

std::optional<calendar::Period> period_of(const Edition& edition, const Call& call,
                                          const schema::Register& target) {
  if (target.period == schema::PeriodKey::None) return std::nullopt;
  const std::string asked = call.query_or("period", "");
  if (!asked.empty()) return calendar::Period::parse(asked);
  return target.period == schema::PeriodKey::Year ? edition.period : std::nullopt;
}

std::unique_ptr<store::Store> district_store(District& district, const Call& call) {
  return district.store().as(author_of(call), access::Scope::whole_district(call.caller.account.id));
}

std::optional<Answer> denied(const Call& call, access::Operation operation, const access::Object& object) {
  const access::Answer may = call.caller.scope.may(operation, object);
  if (may.allowed) return std::nullopt;
  if (call.caller.scope.is_outside()) return not_there();
  return problem(403, "E-SERVER-302", call.caller.scope.refusal(may),
                 {"请由有权的人办理。", "Somebody with the right must do it."});
}

}  // namespace tenglong::server
