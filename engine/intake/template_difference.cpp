#include "engine/intake/inside/template_difference.h"

#include <algorithm>

#include "engine/text/text.h"

namespace tenglong::intake {

using registers::Mapping;
using Kind = HeaderChange::Kind;

const char* to_code(Kind kind) {
  switch (kind) {
    case Kind::Added:
      return "added";
    case Kind::Gone:
      return "gone";
    case Kind::Renamed:
      return "renamed";
    case Kind::Moved:
      return "moved";
    case Kind::UnitChanged:
      return "unit_changed";
  }
  return "added";
}

Mapping last_header(const SheetIntake& report, const std::string& provider) {
  Mapping mapping{.provider = provider, .register_id = report.register_id, .header_fingerprint = kLastHeader};
  for (const ColumnMatch& match : report.columns)
    mapping.columns.push_back({match.column, match.label, match.field, match.unit});
  return mapping;
}

namespace {

// "实缴税收（万元）" -> "实缴税收": the label without a unit in brackets behind it.
std::string without_unit(const std::string& label) {
  const std::string half = text::to_half_width(label);
  const std::size_t open = half.rfind('(');
  if (!half.ends_with(')') || open == std::string::npos || open == 0) return plain_label(label);
  std::string inside = half.substr(open + 1, half.size() - open - 2);
  if (const std::size_t colon = inside.find(':'); colon != std::string::npos) inside.erase(0, colon + 1);
  return quantity::Unit::parse(text::trim(inside)) ? plain_label(half.substr(0, open)) : plain_label(label);
}

// Both headers, and which column of one is which of the other.
class Comparison {
 public:
  Comparison(const Mapping& before, SheetIntake& report, const schema::Register& target)
      : before_(before),
        report_(report),
        target_(target),
        now_of_(before.columns.size(), -1),
        before_of_(report.columns.size(), -1) {}

  void run() {
    pair([](const auto& was, const auto& is) { return was.label == is.label; });
    pair([](const auto& was, const auto& is) { return without_unit(was.label) == without_unit(is.label); });
    pair([](const auto& was, const auto& is) { return !was.field.empty() && was.field == is.field; });
    pair_near();
    tell_pairs();
    tell_moved();
    for (std::size_t i = 0; i < before_of_.size(); ++i)
      if (before_of_[i] < 0) {
        const ColumnMatch& is = report_.columns[i];
        report_.changes.push_back({.kind = Kind::Added, .is = is.label, .at = is.letter, .field = is.field});
      }
    for (std::size_t i = 0; i < now_of_.size(); ++i)
      if (now_of_[i] < 0) {
        const Mapping::Column& was = before_.columns[i];
        report_.changes.push_back({.kind = Kind::Gone,
                                   .was = was.label,
                                   .was_at = sheet::column_letter(was.column),
                                   .field = was.field});
      }
  }

 private:
  template <class Same>
  void pair(Same same) {
    for (std::size_t i = 0; i < now_of_.size(); ++i) {
      if (now_of_[i] >= 0) continue;
      for (std::size_t j = 0; j < before_of_.size(); ++j)
        if (before_of_[j] < 0 && same(before_.columns[i], report_.columns[j])) {
          join(i, j);
          break;
        }
    }
  }
  void pair_near() {
    for (std::size_t i = 0; i < now_of_.size(); ++i) {
      if (now_of_[i] >= 0) continue;
      std::vector<std::string> candidates;
      for (std::size_t j = 0; j < before_of_.size(); ++j)
        if (before_of_[j] < 0) candidates.push_back(without_unit(report_.columns[j].label));
      const std::string near = text::nearest(without_unit(before_.columns[i].label), candidates);
      if (near.empty()) continue;
      for (std::size_t j = 0; j < before_of_.size(); ++j)
        if (before_of_[j] < 0 && without_unit(report_.columns[j].label) == near) {
          join(i, j);
          break;
        }
    }
  }
  void join(std::size_t before, std::size_t now) {
    now_of_[before] = static_cast<int>(now);
    before_of_[now] = static_cast<int>(before);
  }

  // The unit that a column's numbers were or will be read in.
  std::string unit_of(const std::string& field, const std::string& stated) const {
    if (!stated.empty()) return stated;
    const schema::Field* found = target_.find(field);
    return found ? found->unit.name() : std::string();
  }

  void tell_pairs() {
    for (std::size_t j = 0; j < before_of_.size(); ++j) {
      if (before_of_[j] < 0) continue;
      const Mapping::Column& was = before_.columns[static_cast<std::size_t>(before_of_[j])];
      const ColumnMatch& is = report_.columns[j];
      HeaderChange change{.was = was.label,
                          .is = is.label,
                          .was_at = sheet::column_letter(was.column),
                          .at = is.letter,
                          .field = is.field.empty() ? was.field : is.field};
      if (without_unit(was.label) != without_unit(is.label)) {
        change.kind = Kind::Renamed;
        report_.changes.push_back(change);
      }
      const std::string unit_was = unit_of(was.field, was.unit), unit_is = unit_of(is.field, is.unit);
      if (!is.field.empty() && !was.field.empty() && unit_was != unit_is) {
        change.kind = Kind::UnitChanged;
        change.was_unit = unit_was;
        change.unit = unit_is;
        change.is_unit_stated = !is.unit.empty();
        report_.changes.push_back(change);
      }
    }
  }

  // A column put in shifts the rest, which says nothing: moved are those that stand in another order.
  void tell_moved() {
    std::vector<int> order;  // of the paired columns: where each stood before
    for (const int before : before_of_)
      if (before >= 0) order.push_back(before);
    std::vector<std::size_t> length(order.size(), 1);
    std::vector<int> from(order.size(), -1);
    std::size_t best = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j)
        if (order[j] < order[i] && length[j] + 1 > length[i]) {
          length[i] = length[j] + 1;
          from[i] = static_cast<int>(j);
        }
      if (length[i] > length[best]) best = i;
    }
    std::vector<bool> stays(before_.columns.size(), false);
    for (int at = order.empty() ? -1 : static_cast<int>(best); at >= 0;
         at = from[static_cast<std::size_t>(at)])
      stays[static_cast<std::size_t>(order[static_cast<std::size_t>(at)])] = true;
    for (std::size_t j = 0; j < before_of_.size(); ++j) {
      if (before_of_[j] < 0 || stays[static_cast<std::size_t>(before_of_[j])]) continue;
      const Mapping::Column& was = before_.columns[static_cast<std::size_t>(before_of_[j])];
      const ColumnMatch& is = report_.columns[j];
      report_.changes.push_back({.kind = Kind::Moved,
                                 .was = was.label,
                                 .is = is.label,
                                 .was_at = sheet::column_letter(was.column),
                                 .at = is.letter,
                                 .field = is.field});
    }
  }

  const Mapping& before_;
  SheetIntake& report_;
  const schema::Register& target_;
  std::vector<int> now_of_, before_of_;
};

std::string listed(const std::vector<HeaderChange>& changes, Kind kind) {
  std::string out;
  for (const HeaderChange& one : changes) {
    if (one.kind != kind) continue;
    out += out.empty() ? "" : "、";
    switch (kind) {
      case Kind::Added:
        out += one.at + " “" + one.is + "”";
        break;
      case Kind::Gone:
        out += "“" + one.was + "”";
        break;
      case Kind::Renamed:
        out += "“" + one.was + "”改为 " + one.at + " “" + one.is + "”";
        break;
      default:
        out += "“" + one.is + "”从 " + one.was_at + " 到 " + one.at;
        break;
    }
  }
  return out;
}

}  // namespace

void compare_with_last(const sheet::Table& table, const schema::Schema& schema,
                       const registers::RegisterStore& store, const Options& options, SheetIntake& report,
                       Findings& findings) {
  const schema::Register* target = schema.find(report.register_id);
  if (!target || store.mapping(options.provider, report.register_id, header_fingerprint(table))) return;
  const auto before = store.mapping(options.provider, report.register_id, kLastHeader);
  if (!before) return;
  Comparison(*before, report, *target).run();
  if (report.changes.empty()) return;

  std::string told, told_en;
  const auto add = [&](Kind kind, const char* words, const char* english) {
    const std::string list = listed(report.changes, kind);
    if (list.empty()) return;
    told += (told.empty() ? "" : "；") + std::string(words) + list;
    told_en += (told_en.empty() ? "" : "; ") + std::string(english) + list;
  };
  add(Kind::Added, "新增 ", "new: ");
  add(Kind::Gone, "少了 ", "gone: ");
  add(Kind::Renamed, "改名 ", "renamed: ");
  add(Kind::Moved, "换位 ", "moved: ");
  // Something that was read before and is not any more is worth a warning.
  const bool loses = std::any_of(report.changes.begin(), report.changes.end(), [&](const HeaderChange& one) {
    const auto is_read = [&](const ColumnMatch& match) { return match.field == one.field; };
    return (one.kind == Kind::Gone || one.kind == Kind::Renamed) && !one.field.empty() &&
           std::none_of(report.columns.begin(), report.columns.end(), is_read);
  });
  const std::string by = options.provider.empty() ? "" : options.provider;
  if (!told.empty())
    findings.about_sheet(
        problem(loses ? "W-INTAKE-121" : "N-INTAKE-121",
                {"表头与" + by + "上次报的不同：" + told, "the header differs from the last one: " + told_en},
                {loses ? "少了的列要报的补上；改名的列在导入时指定（--map 列=字段），以后就记住。"
                       : "核对一遍；照此导入后就记住。",
                 loses ? "Add what is missing; say which field a renamed column is (--map column=field)."
                       : "Check it; once imported it is remembered."}));
  for (const HeaderChange& one : report.changes) {
    if (one.kind != Kind::UnitChanged) continue;
    const auto match = std::find_if(report.columns.begin(), report.columns.end(),
                                    [&](const ColumnMatch& column) { return column.letter == one.at; });
    findings.about_column(
        match->column, report.header_row,
        problem("W-INTAKE-122",
                {"“" + one.is + "”的单位变了：上次是" + one.was_unit + "，这次" +
                     (one.is_unit_stated ? "是" + one.unit : "没有写明，按" + one.unit + "读"),
                 "the unit of “" + one.is + "” was " + one.was_unit + " and is now " + one.unit +
                     (one.is_unit_stated ? "" : " (not stated)")},
                {"核对填的数是不是" + one.unit + "；不是的，改表头的单位再传。",
                 "Check that the numbers are in " + one.unit + "; else mend the unit in the header."}));
  }
}

}  // namespace tenglong::intake
