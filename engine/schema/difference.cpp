#include "engine/schema/difference.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "engine/text/text.h"

namespace tenglong::schema {
namespace {

using Kind = Change::Kind;
using Effect = Change::Effect;

bool is_text_like(FieldType type) {
  return type == FieldType::Text || type == FieldType::Period || type == FieldType::CreditCode ||
         type == FieldType::Reference || is_coded(type);
}

Effect effect_of(FieldType from, FieldType to) {
  if (from == to || (is_number(from) && is_number(to))) return Effect::Carried;
  const bool has_text = is_text_like(from) || from == FieldType::Date || from == FieldType::Attachment ||
                        from == FieldType::Geometry;
  if (to == FieldType::Text && has_text) return Effect::Carried;
  if (from == FieldType::Reference && to == FieldType::References) return Effect::Carried;
  if (from == FieldType::References && to == FieldType::Reference) return Effect::IfAllFit;
  if (is_text_like(from) && (is_text_like(to) || to == FieldType::Date)) return Effect::IfAllFit;
  if (from == FieldType::Text && (is_number(to) || to == FieldType::Geometry || to == FieldType::Attachment))
    return Effect::IfAllFit;
  return Effect::Refused;
}

const Register* before(const Schema& old, const Register& now, const Schema& all_now) {
  if (const Register* same = old.find(now.id)) return same;
  // Renamed, unless the old id has been given to another register or still stands.
  return now.was.empty() || all_now.find(now.was) != nullptr ? nullptr : old.find(now.was);
}

const Field* before(const Register& old, const Field& now, const Register& all_now) {
  if (const Field* same = old.find(now.id)) return same;
  return now.was.empty() || all_now.find(now.was) != nullptr ? nullptr : old.find(now.was);
}

std::string unit_of(const Field& field) { return field.unit.name().empty() ? "无单位" : field.unit.name(); }

std::string in_words(const quantity::Conversion& conversion) {
  std::string out = "乘 " + std::to_string(conversion.factor.numerator);
  if (conversion.factor.denominator != 1) out += " 再除以 " + std::to_string(conversion.factor.denominator);
  return out + (conversion.exactness == quantity::Exactness::Exact ? "，没有舍入" : "，舍入一次（34 位）");
}
std::string in_english(const quantity::Conversion& conversion) {
  std::string out = "times " + std::to_string(conversion.factor.numerator);
  if (conversion.factor.denominator != 1) out += " over " + std::to_string(conversion.factor.denominator);
  return out + (conversion.exactness == quantity::Exactness::Exact ? ", without rounding" : ", rounded once");
}

class Differ {
 public:
  Differ(const Schema& old, const Schema& now) : old_(old), now_(now) {}

  std::vector<Change> run() {
    std::set<std::string> met;
    for (const Register& one : now_.registers) {
      const Register* was = before(old_, one, now_);
      if (was == nullptr) {
        add(Kind::RegisterAdded, Effect::None, one.id, "",
            {"新增台账“" + one.name + "”（" + one.id + "）。", "The register " + one.id + " is new."});
        continue;
      }
      met.insert(was->id);
      if (was->id != one.id)
        add(Kind::RegisterRenamed, Effect::Carried, one.id, was->id,
            {"台账“" + was->name + "”（" + was->id + "）改名为“" + one.name + "”（" + one.id +
                 "），原有陈述照读。",
             "The register " + was->id + " is now " + one.id + "; its statements are read on."});
      compare(*was, one);
    }
    for (const Register& one : old_.registers)
      if (!met.contains(one.id))
        add(Kind::RegisterRemoved, Effect::Carried, one.id, one.id,
            {"台账“" + one.name + "”（" + one.id + "）不再有；已有陈述保留，不再显示，写回来即可再读。",
             "The register " + one.id +
                 " is gone; its statements are kept and shown again once it is back."});
    compare_codes();
    return std::move(changes_);
  }

 private:
  Change& add(Kind kind, Effect effect, std::string id, std::string old_id, text::Words what,
              text::Words cure = {}) {
    changes_.push_back({.kind = kind,
                        .effect = effect,
                        .register_id = std::move(id),
                        .old_register_id = std::move(old_id),
                        .what = std::move(what),
                        .cure = std::move(cure)});
    return changes_.back();
  }

  // The key as the new schema names its fields.
  std::vector<std::string> key_now(const Register& was, const Register& one) const {
    std::vector<std::string> key = was.key;
    for (std::string& id : key)
      for (const Field& field : one.fields)
        if (const Field* old = before(was, field, one); old != nullptr && old->id == id) {
          id = field.id;
          break;
        }
    return key;
  }

  void compare(const Register& was, const Register& one) {
    const Register* above = one.of.empty() ? nullptr : now_.find(one.of);
    const Register* above_was = above == nullptr ? nullptr : before(old_, *above, now_);
    const bool same_of = one.of.empty() ? was.of.empty() : above_was != nullptr && above_was->id == was.of;
    if (key_now(was, one) != one.key || !same_of || was.period != one.period)
      add(Kind::FormChanged, Effect::IfUnused, one.id, was.id,
          {"“" + one.name + "”的主键、所属或期间变了，已有记录不知对应新的哪一条。",
           "The key, of or period of " + one.id +
               " changed: what is kept cannot be told apart in the new way."},
          {"换一个新的台账 id，把数据按新的主键重新导入；旧台账留着可查。",
           "Use a new id and import the data under the new key; keep the old register for reference."});
    std::set<std::string> met;
    for (const Field& field : one.fields) {
      const Field* old = field.is_computed() ? nullptr : before(was, field, one);
      if (old == nullptr || old->is_computed()) {
        if (was.find(field.id) == nullptr || !field.is_computed())
          note(Kind::FieldAdded, Effect::None, one, was, field, "",
               {"“" + one.name + "”新增字段“" + field.name + "”（" + field.id + "）" +
                    (field.is_computed() ? "，由公式算出。" : "，原有记录在这一项为缺报。"),
                "New field " + one.id + "." + field.id +
                    (field.is_computed() ? ", computed." : "; records so far have no value in it.")});
        if (field.is_computed()) continue;
        require(one, was, nullptr, field);
        continue;
      }
      met.insert(old->id);
      if (old->id != field.id)
        note(Kind::FieldRenamed, Effect::Carried, one, was, field, old->id,
             {"“" + one.name + "”的字段 " + old->id + " 改名为 " + field.id + "（“" + field.name +
                  "”），原有陈述照读。",
              "The field " + one.id + "." + old->id + " is now " + field.id +
                  "; its statements are read on."});
      compare(one, was, *old, field);
      require(one, was, old, field);
    }
    for (const Field& field : was.fields)
      if (!field.is_computed() && !met.contains(field.id))
        note(Kind::FieldRemoved, Effect::Carried, one, was, field, field.id,
             {"“" + one.name + "”不再有字段“" + field.name + "”（" + field.id +
                  "）；已有陈述保留，不再显示，写回来即可再读。改名的请在新字段写 was: " + field.id + "。",
              "The field " + one.id + "." + field.id +
                  " is gone; its statements are kept. If it was renamed, write was: " + field.id + "."});
  }

  Change& note(Kind kind, Effect effect, const Register& one, const Register& was, const Field& field,
               const std::string& old_field, text::Words what, text::Words cure = {}) {
    Change& change = add(kind, effect, one.id, was.id, std::move(what), std::move(cure));
    change.field = field.id;
    change.old_field = old_field;
    return change;
  }

  void require(const Register& one, const Register& was, const Field* old, const Field& field) {
    if (!field.required || (old != nullptr && old->required)) return;
    note(Kind::RequiredAdded, Effect::None, one, was, field, old == nullptr ? "" : old->id,
         {"“" + one.name + "”的“" + field.name + "”改为必填；没有值的记录由 tenglong check-data 列出。",
          one.id + "." + field.id + " is required now; tenglong check-data lists the records without it."});
  }

  void compare(const Register& one, const Register& was, const Field& old, const Field& field) {
    if (old.type != field.type) {
      const Effect effect = effect_of(old.type, field.type);
      note(Kind::TypeChanged, effect, one, was, field, old.id,
           {"“" + one.name + "”的“" + field.name + "”由 " + to_code(old.type) + " 改为 " +
                to_code(field.type) +
                (effect == Effect::Refused    ? "，没有换算的规则。"
                 : effect == Effect::IfAllFit ? "，逐个值核对能否照读。"
                                              : "，原有的值照读。"),
            one.id + "." + field.id + " was " + to_code(old.type) + " and is " + to_code(field.type) +
                (effect == Effect::Refused    ? ": no rule leads from one to the other."
                 : effect == Effect::IfAllFit ? "; every value is tried."
                                              : "; values are read on.")},
           {"另立一个新字段（新 id），原字段留着；或先更正读不出的值。",
            "Add a new field with a new id and keep the old one, or correct the values that do not fit."});
      if (effect == Effect::Refused) return;
    }
    if (is_number(old.type) && is_number(field.type) && !old.unit.same_scale(field.unit)) {
      const auto conversion = quantity::conversion(old.unit, field.unit);
      Change& change = note(
          Kind::UnitChanged, conversion ? Effect::Carried : Effect::Refused, one, was, field, old.id,
          {"“" + one.name + "”的“" + field.name + "”由" + unit_of(old) + "改为" + unit_of(field) +
               (conversion ? "：读时" + in_words(*conversion) + "。" : "，量纲不同，不能换算。"),
           one.id + "." + field.id + " was in " + old.unit.name() + " and is in " + field.unit.name() +
               (conversion ? ": read " + in_english(*conversion) + "." : ": another dimension.")},
          {"另立一个新字段（新 id），原字段留着。", "Add a new field with a new id and keep the old one."});
      change.conversion = conversion;
    }
    if (is_coded(field.type) && is_coded(old.type) && old.codes != field.codes)
      note(Kind::TableChanged, Effect::IfAllFit, one, was, field, old.id,
           {"“" + one.name + "”的“" + field.name + "”改用代码表 " + field.codes + "，逐个值核对是否在表里。",
            one.id + "." + field.id + " uses the code table " + field.codes +
                " now; every value is looked up."},
           {"在新代码表里补上所缺的代码（可写废止日期）。",
            "Add the missing codes to the new table, with 废止 if they are of old."})
          .codes = field.codes;
    if ((field.type == FieldType::Reference || field.type == FieldType::References) && old.to != field.to) {
      const Register* to = now_.find(field.to);
      const Register* to_was = to == nullptr ? nullptr : before(old_, *to, now_);
      if (to_was == nullptr || to_was->id != old.to)
        note(
            Kind::TypeChanged, Effect::IfUnused, one, was, field, old.id,
            {"“" + one.name + "”的“" + field.name + "”改指台账 " + field.to + "，原有的值指的是 " + old.to +
                 "。",
             one.id + "." + field.id + " refers to " + field.to + " now; its values are keys of " + old.to +
                 "."},
            {"另立一个新字段（新 id），原字段留着。", "Add a new field with a new id and keep the old one."});
    }
  }

  void compare_codes() {
    for (const Codes& was : old_.codes) {
      const Codes* one = now_.find_codes(was.id);
      if (one == nullptr) continue;  // fields that used it have another table now, or are told by the reader
      std::set<std::string> told;
      for (const CodeEntry& entry : was.entries) {
        if (one->find(entry.code) != nullptr || !told.insert(entry.code).second) continue;
        Change& change = add(Kind::CodeRemoved, Effect::IfUnused, "", "",
                             {"代码表“" + one->name + "”删去了 " + entry.code + "（" + entry.name + "）。",
                              "The code " + entry.code + " is gone from the table " + one->id + "."},
                             {"还有记录用它：把这一行写回来，用“废止”写明不再使用的第一天。",
                              "Records use it: put the row back and end it by 废止."});
        change.codes = one->id;
        change.code = entry.code;
      }
    }
  }

  const Schema& old_;
  const Schema& now_;
  std::vector<Change> changes_;
};

// One line, parts by tabs; tabs and line ends inside a part by \t and \n.
void put(std::string& line, std::string_view part) {
  if (!line.empty()) line += '\t';
  for (const char c : part) {
    if (c == '\t')
      line += "\\t";
    else if (c == '\n')
      line += "\\n";
    else if (c == '\\')
      line += "\\\\";
    else
      line += c;
  }
}
std::vector<std::string> parts_of(std::string_view line) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\t')
      parts.emplace_back();
    else if (line[i] == '\\' && i + 1 < line.size())
      ++i, parts.back() += line[i] == 't' ? '\t' : line[i] == 'n' ? '\n' : line[i];
    else
      parts.back() += line[i];
  }
  return parts;
}
std::string joined(const std::vector<std::string>& ids) {
  std::string out;
  for (const std::string& id : ids) out += (out.empty() ? "" : " ") + id;
  return out;
}

constexpr std::string_view kHeader = "tenglong schema 1";

}  // namespace

std::vector<Change> difference(const Schema& old, const Schema& now) { return Differ(old, now).run(); }

std::string canonical_text(const Schema& schema) {
  std::string out(kHeader);
  out += '\n';
  const auto end_line = [&](std::string& line) { out.append(line).append(1, '\n'), line.clear(); };
  std::string line;
  for (const Register& one : schema.registers) {
    for (const std::string& part : {std::string("register"), one.id, one.name, one.was, joined(one.key),
                                    one.of, std::to_string(static_cast<int>(one.period))})
      put(line, part);
    end_line(line);
    for (const Field& field : one.fields) {
      for (const std::string& part :
           {std::string("field"), field.id, field.name, field.was, std::string(to_code(field.type)),
            field.unit.name(), field.codes, field.to, std::string(field.required ? "required" : ""),
            std::string(field.is_computed() ? "computed" : "")})
        put(line, part);
      end_line(line);
    }
  }
  for (const Codes& codes : schema.codes) {
    for (const std::string& part : {std::string("codes"), codes.id, codes.name}) put(line, part);
    end_line(line);
    for (const CodeEntry& entry : codes.entries) {
      for (const std::string& part : {std::string("code"), entry.code, entry.name}) put(line, part);
      end_line(line);
    }
  }
  return out;
}

std::optional<Schema> read_canonical_text(std::string_view text) {
  const std::vector<std::string_view> lines = text::split(text, '\n');
  if (lines.empty() || lines[0] != kHeader) return std::nullopt;
  Schema schema;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    const std::vector<std::string> part = parts_of(lines[i]);
    if (part[0] == "register" && part.size() == 7) {
      Register one{.id = part[1], .name = part[2]};
      one.was = part[3];
      for (const std::string_view key : text::split(part[4], ' '))
        if (!key.empty()) one.key.emplace_back(key);
      one.of = part[5];
      if (part[6].size() != 1 || part[6][0] < '0' || part[6][0] > '3') return std::nullopt;
      one.period = static_cast<PeriodKey>(part[6][0] - '0');
      schema.registers.push_back(std::move(one));
    } else if (part[0] == "field" && part.size() == 10 && !schema.registers.empty()) {
      Field field{.id = part[1], .name = part[2]};
      field.was = part[3];
      const auto type = field_type_of(part[4]);
      const auto unit = part[5].empty() ? quantity::Unit() : quantity::Unit::parse(part[5]);
      if (!type || !unit) return std::nullopt;
      field.type = *type;
      field.unit = *unit;
      field.codes = part[6];
      field.to = part[7];
      field.required = part[8] == "required";
      if (part[9] == "computed") field.formula.text = "null";  // which formula is not kept
      schema.registers.back().fields.push_back(std::move(field));
    } else if (part[0] == "codes" && part.size() == 3) {
      schema.codes.push_back({.id = part[1], .name = part[2]});
    } else if (part[0] == "code" && part.size() == 3 && !schema.codes.empty()) {
      schema.codes.back().entries.push_back({.code = part[1], .name = part[2]});
    } else {
      return std::nullopt;
    }
  }
  for (Codes& codes : schema.codes) codes.build_index();
  return schema;
}

Carrying::Carrying(const Schema& old, const Schema& now) {
  for (const schema::Register& was : old.registers) {
    Register carried{.old_id = was.id};
    const auto found =
        std::find_if(now.registers.begin(), now.registers.end(), [&](const schema::Register& one) {
          const schema::Register* from = before(old, one, now);
          return from == &was;
        });
    if (found != now.registers.end()) carried.id = found->id;
    for (std::size_t i = 0; i < was.fields.size(); ++i) {
      const schema::Field& stated = was.fields[i];
      if (stated.is_computed()) continue;
      Field to{.from = stated.type, .to = stated.type};
      if (found != now.registers.end())
        for (std::size_t f = 0; f < found->fields.size(); ++f) {
          const schema::Field& field = found->fields[f];
          if (field.is_computed() || before(was, field, *found) != &stated) continue;
          to.index = static_cast<int>(f);
          to.to = field.type;
          if (is_number(stated.type) && is_number(field.type) && !stated.unit.same_scale(field.unit))
            to.conversion = quantity::conversion(stated.unit, field.unit);
        }
      carried.fields.emplace_back(stated.id, to);
    }
    registers_.push_back(std::move(carried));
  }
}

const Carrying::Register* Carrying::find(std::string_view old_register_id) const {
  const auto found = std::find_if(registers_.begin(), registers_.end(),
                                  [&](const Register& one) { return one.old_id == old_register_id; });
  return found == registers_.end() ? nullptr : &*found;
}

std::vector<Carrying> carried_to_last(const std::vector<Schema>& versions) {
  std::vector<Carrying> all;
  for (std::size_t v = versions.size(); v-- > 0;) {
    if (v + 1 == versions.size()) {
      all.insert(all.begin(), Carrying(versions[v], versions[v]));
      continue;
    }
    // One step to the next version, then what leads from there to the last.
    Carrying step(versions[v], versions[v + 1]);
    const Carrying& rest = all.front();
    for (Carrying::Register& one : step.registers_) {
      const Carrying::Register* on = one.id.empty() ? nullptr : rest.find(one.id);
      const schema::Register* middle = one.id.empty() ? nullptr : versions[v + 1].find(one.id);
      for (auto& [id, field] : one.fields) {
        if (field.index < 0) continue;
        const std::string& middle_id = middle->fields[static_cast<std::size_t>(field.index)].id;
        Carrying::Field end;
        if (on != nullptr)
          for (const auto& [stated, leads] : on->fields)
            if (stated == middle_id) end = leads;
        const schema::Field* first = versions[v].find(one.old_id)->find(id);
        field.index = end.index;
        field.to = end.to;
        // Directly from the first unit to the last: several steps would round several times.
        field.conversion.reset();
        if (end.index < 0 || !is_number(field.from) || !is_number(field.to)) continue;
        const schema::Register* last = versions.back().find(on->id);
        const quantity::Unit& unit = last->fields[static_cast<std::size_t>(end.index)].unit;
        if (!first->unit.same_scale(unit)) field.conversion = quantity::conversion(first->unit, unit);
      }
      one.id = on == nullptr ? std::string() : on->id;
    }
    all.insert(all.begin(), std::move(step));
  }
  return all;
}

}  // namespace tenglong::schema
