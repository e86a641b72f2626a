#include "engine/simulate/override.h"

#include <algorithm>
#include <cctype>
#include <memory>
#include <type_traits>

#include "engine/feel/evaluate.h"
#include "engine/text/ensure.h"

namespace tenglong::simulate {

using diagnostic::Diagnostics;
using feel::Value;
using quantity::Decimal;
using quantity::State;
using text::Words;

namespace {

feel::NodePtr literal(const Value& value) {
  auto node = std::make_shared<feel::Node>();
  node->kind = feel::NodeKind::Literal;
  node->value = value;
  return node;
}

class Reader {
 public:
  Reader(std::string_view text, const pack::Pack& pack, const column::Snapshot& snapshot,
         const calendar::Period& period)
      : text_(text), pack_(pack), snapshot_(snapshot), period_(period) {}

  ReadOverride read() {
    const std::size_t equals = find_equals();
    if (equals == std::string_view::npos) {
      add("E-SIMULATE-101",
          {"“" + whole() + "”里没有等号，不知道改成什么。",
           "\"" + whole() + "\" has no equals sign: nobody knows what to set."},
          {"写成 名称=值，如 综合评价.A=25。", "Write name=value, such as 综合评价.A=25."});
      return finish();
    }
    name_ = text::trim(text_.substr(0, equals));
    value_ = text::trim(text_.substr(equals + 1));
    out_.text = whole();
    if (name_.empty() || value_.empty()) {
      add("E-SIMULATE-101",
          {"“" + whole() + "”缺名称或缺值。", "\"" + whole() + "\" lacks a name or a value."},
          {"写成 名称=值，如 综合评价.A=25。", "Write name=value, such as 综合评价.A=25."});
      return finish();
    }
    if (!parameter() && !scheme() && !field()) unknown_name();
    return finish();
  }

 private:
  std::string whole() const { return std::string(text::trim(text_)); }
  std::size_t find_equals() const {
    for (std::size_t i = 0; i < text_.size(); ++i)
      if (text_[i] == '=' && (i == 0 || (text_[i - 1] != '<' && text_[i - 1] != '>'))) return i;
    return std::string_view::npos;
  }
  void add(const char* code, Words message, Words advice) {
    diagnostics_.push_back({.code = code, .message = std::move(message), .advice = std::move(advice)});
  }
  ReadOverride finish() {
    ReadOverride read;
    if (diagnostics_.empty()) read.override = std::move(out_);
    read.diagnostics = std::move(diagnostics_);
    return read;
  }

  // The number in `unit`; a bare number is taken in it.
  std::optional<Decimal> number(const quantity::Unit& unit) {
    std::size_t end = 0;
    while (end < value_.size() && (std::isdigit(static_cast<unsigned char>(value_[end])) != 0 ||
                                   value_[end] == '.' || value_[end] == '-' || value_[end] == '+'))
      ++end;
    const auto number = Decimal::parse(value_.substr(0, end));
    const std::string_view rest = text::trim(value_.substr(end));
    if (!number) {
      add("E-SIMULATE-103",
          {"“" + std::string(value_) + "”不是数。", "\"" + std::string(value_) + "\" is no number."},
          {"写一个十进制数，可带单位" +
               (unit.name().empty() ? std::string("。") : "，如 5 " + unit.name() + "。"),
           "Write a decimal number, with a unit if it has one."});
      return std::nullopt;
    }
    if (rest.empty()) return number;
    const auto given = quantity::Unit::parse(rest);
    const auto way = given ? quantity::conversion(*given, unit) : std::nullopt;
    const auto converted = way ? quantity::convert(*number, *way) : std::nullopt;
    if (!converted) {
      add("E-SIMULATE-103",
          {"单位“" + std::string(rest) + "”换算不成“" + unit.name() + "”。",
           "The unit \"" + std::string(rest) + "\" does not convert to \"" + unit.name() + "\"."},
          {"用“" + unit.name() + "”，或只写数。", "Use \"" + unit.name() + "\", or the bare number."});
      return std::nullopt;
    }
    return converted;
  }

  bool parameter() {
    std::string_view head = name_, keys;
    for (const auto& [open, close] : {std::pair<std::string_view, std::string_view>{"(", ")"},
                                      std::pair<std::string_view, std::string_view>{"（", "）"}}) {
      const std::size_t at = name_.find(open);
      if (at == std::string_view::npos || !name_.ends_with(close)) continue;
      head = text::trim(name_.substr(0, at));
      keys = name_.substr(at + open.size(), name_.size() - at - open.size() - close.size());
      if (pack_.parameter(head) != nullptr) break;
      head = name_, keys = {};
    }
    const pack::Parameter* found = pack_.parameter(head);
    if (found == nullptr) return false;
    out_.kind = Override::Kind::Parameter;
    out_.block = found->name;
    if (pick_row(*found, keys)) read_parameter_value(*found);
    return true;
  }

  bool pick_row(const pack::Parameter& parameter, std::string_view keys) {
    std::vector<std::string> wanted;
    std::string plain(keys);
    for (std::size_t at = plain.find("，"); at != std::string::npos; at = plain.find("，"))
      plain.replace(at, std::string("，").size(), ",");
    if (!text::trim(plain).empty())
      for (std::string_view part : text::split(plain, ',')) {
        part = text::trim(part);
        if (part.size() >= 2 && part.front() == '"' && part.back() == '"')
          part = part.substr(1, part.size() - 2);
        wanted.emplace_back(part);
      }
    std::vector<std::size_t> rows;
    std::vector<std::string> written;
    for (std::size_t i = 0; i < parameter.rows.size(); ++i) {
      const pack::ParameterRow& row = parameter.rows[i];
      std::string keys_of_row;
      bool same = wanted.size() == row.keys.size();
      for (std::size_t k = 0; k < row.keys.size(); ++k) {
        keys_of_row += (k == 0 ? "" : ",") + row.keys[k].to_text();
        same = same && row.keys[k].to_text() == wanted[k];
      }
      written.push_back(parameter.name + "(" + keys_of_row + ")");
      if (!same) continue;
      // Of dated values the one that holds at the end of the period.
      if (row.from && period_.to < *row.from) continue;
      if (row.from) rows.clear();
      rows.push_back(i);
    }
    if (rows.size() == 1) {
      out_.index = rows.front();
      return true;
    }
    std::string list;
    for (std::size_t i = 0; i < std::min<std::size_t>(written.size(), 8); ++i)
      list += (i == 0 ? "" : "、") + written[i];
    add("E-SIMULATE-105",
        {"“" + std::string(name_) + "”没有指到参数“" + parameter.name + "”的一行。",
         "\"" + std::string(name_) + "\" does not name one row of the parameter."},
        {"写全键值：" + list + "。", "Write its keys: " + list + "."});
    return false;
  }

  void read_parameter_value(const pack::Parameter& parameter) {
    if (value_ == "未公布") {
      out_.state = State::Missing;
      return;
    }
    if (parameter.type.kind == feel::Kind::Number) {
      if (const auto value = number(parameter.unit)) out_.value = Value(*value);
      return;
    }
    const feel::Parsed parsed = feel::parse(value_, feel::NameSet());
    if (parsed.tree) out_.value = feel::evaluate(*parsed.tree, feel::ContextEnvironment({})).value;
    if (!parsed.tree || out_.value.is_null() ||
        (parameter.type.kind && out_.value.kind() != *parameter.type.kind))
      add("E-SIMULATE-103",
          {"“" + std::string(value_) + "”不是参数“" + parameter.name + "”要的" + to_string(parameter.type) +
               "。",
           "\"" + std::string(value_) + "\" is not what the parameter holds."},
          {"文字加引号，日期写 @\"2022-01-01\"。", "Quote texts; write dates as @\"2022-01-01\"."});
  }

  bool scheme() {
    const pack::Scheme* best = nullptr;
    std::string_view rest;
    for (const pack::Scheme& each : pack_.schemes)
      for (const std::string& written : {each.name, each.id}) {
        if (!name_.starts_with(written)) continue;
        const std::string_view after = name_.substr(written.size());
        if ((!after.empty() && after.front() != '.') || (best != nullptr && after.size() >= rest.size()))
          continue;
        best = &each, rest = after;
      }
    if (best == nullptr) return false;
    out_.block = best->name;
    if (rest.empty())
      take_scheme(*best);
    else
      part_of(*best, rest.substr(1));
    return true;
  }

  void take_scheme(const pack::Scheme& scheme) {
    out_.kind = Override::Kind::Scheme;
    const pack::Scheme* other = pack_.scheme(value_);
    if (other != nullptr && other->of == scheme.of) {
      out_.taken_from = other->name;
      return;
    }
    std::vector<std::string> names;
    for (const pack::Scheme& each : pack_.schemes)
      if (each.of == scheme.of) names.push_back(each.name);
    not_found("方案", "scheme", value_, names);
  }

  void part_of(const pack::Scheme& scheme, std::string_view rest) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < scheme.items.size(); ++i)
      for (const auto& [word, kind] :
           {std::pair<const char*, Override::Kind>{"权重", Override::Kind::Weight},
            std::pair<const char*, Override::Kind>{"基准", Override::Kind::Base}}) {
        parts.push_back(scheme.items[i].indicator + "." + word);
        if (parts.back() != rest) continue;
        out_.kind = kind;
        out_.index = i;
        const bool is_weight = kind == Override::Kind::Weight;
        const pack::Indicator* indicator = pack_.indicator(scheme.items[i].indicator);
        const auto value = number(is_weight || indicator == nullptr ? quantity::Unit() : indicator->unit);
        if (!value) return;
        out_.value = Value(*value);
        if ((is_weight && value->is_negative()) || (!is_weight && value->is_zero()))
          add("E-SIMULATE-104",
              {is_weight ? "权重不能小于 0。" : "基准值为 0，得分没有意义。",
               is_weight ? "A weight cannot be below 0." : "A base of 0 gives no score."},
              {"换一个数。", "Give another number."});
        return;
      }
    for (std::size_t i = 0; i < scheme.cuts.size(); ++i) {
      parts.push_back(scheme.cuts[i].grade);
      if (parts.back() != rest) continue;
      out_.kind = Override::Kind::Cut;
      out_.index = i;
      read_cut(scheme.cuts[i]);
      return;
    }
    not_found("方案“" + scheme.name + "”里的项", "part of the scheme", rest, parts);
  }

  void read_cut(const pack::Cut& cut) {
    if (!cut.percent) {
      out_.score_test = std::string(value_);
      const feel::Parsed parsed = feel::parse(value_, feel::NameSet(), {}, feel::Grammar::UnaryTests);
      if (!parsed.tree)
        add("E-SIMULATE-103",
            {"“" + out_.score_test + "”不是分数线。", "\"" + out_.score_test + "\" is no test of a score."},
            {"写成 >= 80 或 [60..80)。", "Write >= 80 or [60..80)."});
      return;
    }
    const auto value = number({});
    if (!value) return;
    out_.value = Value(*value);
    if (value->is_negative() || Decimal(100) < *value)
      add("E-SIMULATE-104",
          {"档位是累计百分数，要在 0 到 100 之间，写的是 " + value->to_string() + "。",
           "A cut is a cumulative percentage from 0 to 100; " + value->to_string() + " was written."},
          {"写成 0 到 100 的数。", "Write a number from 0 to 100."});
  }

  bool field() {
    const std::size_t dot = name_.rfind('.');
    if (dot == std::string_view::npos) return false;
    const std::string_view key = name_.substr(0, dot), field = name_.substr(dot + 1);
    std::vector<std::string> names;
    bool has_record = false;
    for (std::size_t r = 0; r < pack_.schema.registers.size(); ++r) {
      const schema::Register& at = pack_.schema.registers[r];
      const column::Table* table = snapshot_.find(at.id);
      if (table == nullptr) continue;
      const std::int32_t row =
          at.period == schema::PeriodKey::None ? table->find(key, std::nullopt) : table->find(key, period_);
      if (row < 0) continue;
      has_record = true;
      for (std::size_t f = 0; f < at.fields.size(); ++f) {
        names.push_back(at.fields[f].name);
        if (field != at.fields[f].name && field != at.fields[f].id) continue;
        out_.kind = Override::Kind::Field;
        out_.block = at.id;
        out_.index = f;
        out_.row = static_cast<std::uint32_t>(row);
        read_field_value(at, at.fields[f]);
        return true;
      }
    }
    if (has_record) not_found("字段", "field", field, names);
    return has_record;
  }

  void read_field_value(const schema::Register& at, const schema::Field& field) {
    const bool is_key = std::find(at.key.begin(), at.key.end(), field.id) != at.key.end();
    if (is_key || field.type == schema::FieldType::Reference || field.type == schema::FieldType::References ||
        field.is_computed()) {
      add("E-SIMULATE-106",
          {"“" + field.name + "”认定是哪条记录，试算不能改。",
           "\"" + field.name + "\" says which record this is; a trial cannot change it."},
          {"记录本身不对的，走更正单。", "If the record itself is wrong, file a correction."});
      return;
    }
    for (const auto& [word, state] : {std::pair<const char*, State>{"缺报", State::Missing},
                                      std::pair<const char*, State>{"不适用", State::NotApplicable},
                                      std::pair<const char*, State>{"存疑", State::Disputed}})
      if (value_ == word) {
        out_.state = state;
        return;
      }
    if (schema::is_number(field.type)) {
      const auto value = number(field.unit);
      if (!value) return;
      out_.value = Value(*value);
      if ((field.minimum && *value < *field.minimum) || (field.maximum && *field.maximum < *value))
        add("E-SIMULATE-104",
            {"“" + field.name + "”声明的范围是 " + (field.minimum ? field.minimum->to_string() : "…") +
                 " 到 " + (field.maximum ? field.maximum->to_string() : "…") + "，" + value->to_string() +
                 " 在外面。",
             value->to_string() + " is outside the declared range of \"" + field.name + "\"."},
            {"换一个范围内的数，或改政策包里字段的 min、max。",
             "Give a number inside it, or change min and max in the pack."});
      return;
    }
    if (field.type == schema::FieldType::Boolean && (value_ == "是" || value_ == "true"))
      out_.value = Value(true);
    else if (field.type == schema::FieldType::Boolean && (value_ == "否" || value_ == "false"))
      out_.value = Value(false);
    else if (field.type == schema::FieldType::Date && calendar::Date::parse(value_))
      out_.value = Value(*calendar::Date::parse(value_));
    else if (field.type == schema::FieldType::Boolean || field.type == schema::FieldType::Date)
      add("E-SIMULATE-103",
          {"“" + std::string(value_) + "”不是“" + field.name + "”的值。",
           "\"" + std::string(value_) + "\" is no value of \"" + field.name + "\"."},
          {"是非写 是 或 否，日期写 2022-01-31。", "Write 是 or 否; dates as 2022-01-31."});
    else
      read_code(field);
  }

  void read_code(const schema::Field& field) {
    out_.value = Value(std::string(value_));
    const schema::Codes* codes = field.codes.empty() ? nullptr : pack_.schema.find_codes(field.codes);
    if (codes == nullptr) return;
    if (const schema::CodeEntry* entry = codes->recognise(value_)) {
      out_.value = Value(entry->code);
      return;
    }
    std::vector<std::string> names;
    for (const schema::CodeEntry& entry : codes->entries) names.push_back(entry.name);
    not_found("代码表“" + codes->name + "”的值", "entry of the code table", value_, names);
  }

  void not_found(const std::string& what, const std::string& english, std::string_view word,
                 const std::vector<std::string>& candidates) {
    const std::string near = text::nearest(word, candidates);
    std::string list;
    for (std::size_t i = 0; i < std::min<std::size_t>(candidates.size(), 12); ++i)
      list += (i == 0 ? "" : "、") + candidates[i];
    add("E-SIMULATE-102",
        {"没有叫“" + std::string(word) + "”的" + what + "。",
         "There is no " + english + " called \"" + std::string(word) + "\"."},
        near.empty() ? Words{"可以写：" + list + "。", "There are: " + list + "."}
                     : Words{"是“" + near + "”吗？", "Is it \"" + near + "\"?"});
  }
  void unknown_name() {
    std::vector<std::string> names;
    for (const pack::Parameter& each : pack_.parameters) names.push_back(each.name);
    for (const pack::Scheme& each : pack_.schemes) names.push_back(each.name);
    std::string_view head = name_.substr(0, std::min(name_.find('.'), name_.find('(')));
    not_found("参数、方案或企业", "parameter, scheme or enterprise", head, names);
  }

  std::string_view text_, name_, value_;
  const pack::Pack& pack_;
  const column::Snapshot& snapshot_;
  const calendar::Period& period_;
  Override out_;
  Diagnostics diagnostics_;
};

template <typename Blocks>
auto& block_named(Blocks& blocks, const std::string& name) {
  const auto found =
      std::find_if(blocks.begin(), blocks.end(), [&](const auto& each) { return each.name == name; });
  ensure(found != blocks.end(), "an override names a block of its pack");
  return *found;
}

}  // namespace

ReadOverride read_override(std::string_view text, const pack::Pack& pack, const column::Snapshot& snapshot,
                           const calendar::Period& period) {
  return Reader(text, pack, snapshot, period).read();
}

Value current(const Override& override, const pack::Pack& pack, const column::Snapshot& snapshot) {
  switch (override.kind) {
    case Override::Kind::Parameter:
      return block_named(pack.parameters, override.block).rows[override.index].value.value_or(Value());
    case Override::Kind::Weight:
    case Override::Kind::Base: {
      const pack::SchemeItem& item = block_named(pack.schemes, override.block).items[override.index];
      const pack::Expression& at = override.kind == Override::Kind::Weight ? item.weight : item.base;
      return at.present() && at.tree->kind == feel::NodeKind::Literal ? at.tree->value : Value();
    }
    case Override::Kind::Cut: {
      const pack::Cut& cut = block_named(pack.schemes, override.block).cuts[override.index];
      return cut.percent ? Value(*cut.percent) : Value();
    }
    case Override::Kind::Field:
      return column::value_of(*snapshot.find(override.block), override.index, override.row);
    case Override::Kind::Scheme:
      break;
  }
  return {};
}

Override with_value(Override override, Decimal value) {
  override.text = override.text.substr(0, override.text.find('=') + 1) + value.to_string();
  override.value = Value(value);
  override.state = State::Known;
  return override;
}

pack::Pack changed(const pack::Pack& pack, const std::vector<Override>& overrides) {
  pack::Pack out = pack;
  for (const Override& each : overrides) {
    const auto constant = [&](pack::Expression& expression) {
      expression.text = each.value.to_feel();
      expression.tree = literal(each.value);
    };
    switch (each.kind) {
      case Override::Kind::Parameter: {
        pack::ParameterRow& row = block_named(out.parameters, each.block).rows[each.index];
        if (each.state == State::Known)
          row.value = each.value;
        else
          row.value.reset();
        break;
      }
      case Override::Kind::Weight:
        constant(block_named(out.schemes, each.block).items[each.index].weight);
        break;
      case Override::Kind::Base:
        constant(block_named(out.schemes, each.block).items[each.index].base);
        break;
      case Override::Kind::Cut: {
        pack::Cut& cut = block_named(out.schemes, each.block).cuts[each.index];
        if (cut.percent) {
          cut.percent = each.value.number();
        } else {
          cut.score_text = each.score_test;
          cut.score_test = feel::parse(each.score_test, feel::NameSet(), {}, feel::Grammar::UnaryTests).tree;
        }
        break;
      }
      case Override::Kind::Scheme: {
        pack::Scheme& scheme = block_named(out.schemes, each.block);
        pack::Scheme taken = block_named(pack.schemes, each.taken_from);
        static_cast<pack::Block&>(taken) = static_cast<const pack::Block&>(scheme);
        scheme = std::move(taken);
        break;
      }
      case Override::Kind::Field:
        break;
    }
  }
  return out;
}

namespace {

template <typename Cells>
Cells one_cell(const Cells& cells, std::size_t row) {
  Cells one;
  one.state.push_back(cells.state[row]);
  if constexpr (std::is_same_v<Cells, column::NumberColumn>) {
    one.value.push_back(cells.value[row]);
    const auto found = cells.exact_values.find(static_cast<std::uint32_t>(row));
    if (found != cells.exact_values.end()) one.exact_values[0] = found->second;
  } else if constexpr (std::is_same_v<Cells, column::TextColumn>) {
    one.code.push_back(cells.code[row]);
  } else if constexpr (std::is_same_v<Cells, column::BooleanColumn>) {
    one.value.push_back(cells.value[row]);
  } else {
    one.days.push_back(cells.days[row]);
  }
  return one;
}

template <typename Cells>
void put_cell(const Cells& one, Cells& cells, std::size_t row) {
  cells.state.set(row, one.state[0]);
  if constexpr (std::is_same_v<Cells, column::NumberColumn>) {
    cells.value[row] = one.value[0];
    cells.exact_values.erase(static_cast<std::uint32_t>(row));
    if (!one.exact_values.empty())
      cells.exact_values[static_cast<std::uint32_t>(row)] = one.exact_values.begin()->second;
  } else if constexpr (std::is_same_v<Cells, column::TextColumn>) {
    cells.code[row] = one.code[0];
  } else if constexpr (std::is_same_v<Cells, column::BooleanColumn>) {
    cells.value[row] = one.value[0];
  } else {
    cells.days[row] = one.days[0];
  }
}

void make_cell(column::NumberColumn& one, column::NumberColumn&, const Override& to) {
  if (to.state == State::Known)
    one.append(to.value.number());
  else
    one.append(to.state);
}
void make_cell(column::TextColumn& one, column::TextColumn& cells, const Override& to) {
  one.state.push_back(to.state);
  one.code.push_back(-1);
  if (to.state != State::Known) return;
  const auto found = std::find(cells.dictionary.begin(), cells.dictionary.end(), to.value.string());
  one.code[0] = static_cast<std::int32_t>(found - cells.dictionary.begin());
  if (found == cells.dictionary.end()) cells.dictionary.push_back(to.value.string());
}
void make_cell(column::BooleanColumn& one, column::BooleanColumn&, const Override& to) {
  one.state.push_back(to.state);
  one.value.push_back(to.state == State::Known && to.value.boolean() ? 1 : 0);
}
void make_cell(column::DateColumn& one, column::DateColumn&, const Override& to) {
  one.state.push_back(to.state);
  one.days.push_back(to.state == State::Known ? static_cast<std::int32_t>(to.value.date().days()) : 0);
}

column::Column& column_of(column::Snapshot& snapshot, const Override& override) {
  std::size_t at = 0;
  while (at < snapshot.tables.size() && snapshot.tables[at].register_id != override.block) ++at;
  ensure(at < snapshot.tables.size(), "an override of a field names a register of the snapshot");
  return snapshot.tables.own(at).columns.own(override.index);
}

}  // namespace

CellChange::CellChange(column::Snapshot& snapshot, const Override& override)
    : column_(column_of(snapshot, override)), row_(override.row) {
  std::visit(
      [&](auto& cells) {
        using Cells = std::decay_t<decltype(cells)>;
        old_ = one_cell(cells, row_);
        Cells one;
        make_cell(one, cells, override);
        put_cell(one, cells, row_);
      },
      column_);
}

CellChange::~CellChange() {
  std::visit(
      [&](auto& cells) {
        using Cells = std::decay_t<decltype(cells)>;
        put_cell(std::get<Cells>(old_), cells, row_);
      },
      column_);
}

}  // namespace tenglong::simulate
