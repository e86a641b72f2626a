#include "engine/plan/names.h"

namespace tenglong::plan {

NameTable::NameTable(const pack::Pack& pack) : pack_(pack), slots_(pack.schema.registers.size()) {
  for (std::size_t r = 0; r < pack.schema.registers.size(); ++r) {
    const schema::Register& target = pack.schema.registers[r];
    auto& slots = slots_[r];
    const auto add = [&](const std::string& name, Slot::Kind kind, std::size_t index) {
      slots.emplace(name, Slot{kind, static_cast<int>(index)});
    };
    for (std::size_t i = 0; i < target.fields.size(); ++i) add(target.fields[i].name, Slot::Kind::Field, i);
    if (!target.of.empty())
      if (const schema::Register* parent = pack.schema.find(target.of))
        add(parent->name, Slot::Kind::Parent, 0);
    add("上期", Slot::Kind::Previous, 0);
    add("年度", Slot::Kind::Year, 0);
    for (std::size_t i = 0; i < pack.indicators.size(); ++i) {
      if (pack.indicators[i].of == target.id) add(pack.indicators[i].name, Slot::Kind::Indicator, i);
      if (!pack.indicators[i].over.empty()) add(pack.indicators[i].name, Slot::Kind::Population, i);
    }
    for (std::size_t i = 0; i < pack.decisions.size(); ++i)
      if (pack.decisions[i].of == target.id || pack.decisions[i].of.empty())
        add(pack.decisions[i].name, Slot::Kind::Decision, i);
    for (std::size_t i = 0; i < pack.parameters.size(); ++i)
      add(pack.parameters[i].name, Slot::Kind::Parameter, i);
  }
}

int NameTable::register_index(std::string_view id) const {
  for (std::size_t i = 0; i < pack_.schema.registers.size(); ++i)
    if (pack_.schema.registers[i].id == id) return static_cast<int>(i);
  return -1;
}

const Slot* NameTable::find(int register_index, std::string_view name) const {
  const auto& slots = slots_[static_cast<std::size_t>(register_index)];
  const auto found = slots.find(name);
  return found == slots.end() ? nullptr : &found->second;
}

}  // namespace tenglong::plan
