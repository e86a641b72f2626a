// A table of rights as somebody may have typed it, with conditions in FEEL and masks, compiled and asked of
// records with and without values: what may be listed is what may be read, level by level; an unknown
// condition grants nothing; a mask never shows more than it covers.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "campaign/access/access.h"
#include "engine/text/text.h"

namespace {

using namespace tenglong;
using access::Object;
using access::Operation;
using access::State;
using schema::FieldType;
using schema::Sensitivity;

void require(bool claim) {
  if (!claim) std::abort();
}

schema::Schema one_register() {
  schema::Schema out;
  schema::Register firm{.id = "enterprise", .name = "企业", .key = {"credit_code"}};
  firm.fields = {{.id = "credit_code", .name = "统一社会信用代码", .type = FieldType::CreditCode},
                 {.id = "phone", .name = "联系电话", .type = FieldType::Text},
                 {.id = "above_scale", .name = "规上", .type = FieldType::Boolean},
                 {.id = "land", .name = "用地面积", .type = FieldType::Number},
                 {.id = "since", .name = "登记日期", .type = FieldType::Date}};
  out.registers = {firm};
  return out;
}

std::vector<pack::AccessWord> words(std::string_view cell) {
  std::vector<pack::AccessWord> out;
  for (const std::string_view each : text::split(cell, ','))
    if (!text::trim(each).empty()) out.push_back({std::string(text::trim(each)), {}});
  return out;
}

// A line: roles|operations|relations|states|level|register|condition; one that begins with = is a mask:
// =field|first|last|value.
struct Table {
  pack::Access rights;
  std::vector<std::string> values;
};
Table read(std::string_view bytes) {
  Table out;
  out.rights.roles = {{.id = "analyst", .name = "专班分析员"},
                      {.id = "town", .name = "镇街经办人"},
                      {.id = "bank", .name = "外单位", .is_outside = true}};
  out.rights.separate = {{{"提更正单", {}}, {"批更正单", {}}}};
  for (const std::string_view line : text::split(bytes, '\n')) {
    const bool is_mask = line.starts_with("=");
    const auto cells = text::split(is_mask ? line.substr(1) : line, '|');
    const auto cell = [&](std::size_t i) {
      return i < cells.size() ? text::trim(cells[i]) : std::string_view();
    };
    if (out.rights.lines.size() > 12 || out.rights.masks.size() > 12) break;
    if (is_mask) {
      out.rights.masks.push_back({.field = {std::string(cell(0)), {}},
                                  .first = quantity::Decimal::parse(cell(1)),
                                  .last = quantity::Decimal::parse(cell(2))});
      out.values.emplace_back(cell(3));
      continue;
    }
    out.rights.lines.push_back({.roles = words(cell(0)),
                                .operations = words(cell(1)),
                                .relations = words(cell(2)),
                                .states = words(cell(3)),
                                .level = {std::string(cell(4).empty() ? "内部" : cell(4)), {}},
                                .of = {std::string(cell(5)), {}},
                                .condition = {std::string(cell(6)), {}}});
  }
  return out;
}

feel::Value value_of(const schema::Register& target, const listing::Operand& operand, bool is_full) {
  if (operand.from != listing::Operand::From::Own || !is_full) return {};
  switch (target.fields.at(static_cast<std::size_t>(operand.field)).type) {
    case FieldType::Boolean:
      return feel::Value(true);
    case FieldType::Number:
      return feel::Value(quantity::Decimal(40));
    case FieldType::Date:
      return feel::Value(calendar::Date{2020, 2, 29});
    default:
      return feel::Value(std::string("13800001234"));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 2048) return 0;
  const Table table = read({reinterpret_cast<const char*>(data), size});
  pack::Pack pack;
  pack.schema = one_register();
  pack.access = {table.rights};
  diagnostic::Diagnostics told;
  const access::Policy policy = access::Policy::compile(pack, told);
  for (const diagnostic::Diagnostic& each : told) require(!each.code.empty() && !each.message.zh.empty());
  const schema::Register& target = pack.schema.registers[0];
  for (const std::string& role : policy.roles()) {
    const access::Account account{
        .id = "a", .unit = "区税务局", .roles = {role}, .towns = {"金塘"}, .firms = {"甲"}};
    const access::Scope scope =
        policy.scope_of(account, {{.firm = "乙", .unit = "区税务局", .from = {2023, 1, 1}}}, {2023, 6, 1});
    for (const access::OperationInfo& each : access::operations())
      for (const State state : {State::Draft, State::Published})
        for (int which = 0; which < 6; ++which) {
          const bool is_full = which % 2 == 0;
          const Object object{.firm = which < 2   ? "甲"
                                      : which < 4 ? "乙"
                                                  : "丙",
                              .town = which == 4 ? "金塘" : "白泉",
                              .department = which == 5 ? "区税务局" : "",
                              .state = state,
                              .done_by = "another",
                              .register_id = "enterprise",
                              .value_of = [&](const listing::Operand& operand) {
                                return value_of(target, operand, is_full);
                              }};
          const access::Answer answer = scope.may(each.operation, object);
          require(scope.rows(each.operation, state).admits(object) == answer.allowed);
          for (const Sensitivity level :
               {Sensitivity::Public, Sensitivity::Internal, Sensitivity::Sensitive}) {
            const access::RowFilter rows = scope.rows_at(each.operation, state, level);
            require(rows.admits(object) == (answer.allowed && level <= answer.level));
            require(access::reaches_as_far(rows, rows));
          }
          Object blind = object;
          blind.value_of = {};
          require(!scope.may(each.operation, blind).allowed || answer.allowed);
        }
    for (const std::string& value : table.values)
      for (const schema::Field& field : target.fields) {
        const auto shown = scope.masked(field.id, value);
        if (!shown) continue;
        require(text::code_point_count(*shown) == text::code_point_count(value));
        std::size_t covered = 0;
        for (std::size_t at = shown->find("•"); at != std::string::npos; at = shown->find("•", at + 1))
          ++covered;
        require(2 * covered >= text::code_point_count(value));
      }
  }
  return 0;
}
