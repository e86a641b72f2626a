#include <algorithm>
#include <map>

#include "campaign/view/view.h"

namespace tenglong::view {

namespace {

using quantity::Decimal;
using result::Outcome;
using result::Standing;

std::string count_text(std::int64_t count) { return std::to_string(count); }

const schema::Codes* grades_of(const pack::Pack& pack, const result::SchemeResult& scheme) {
  const pack::Scheme* source = pack.scheme(scheme.scheme);
  return source == nullptr ? nullptr : pack.schema.find_codes(source->codes);
}

std::vector<std::string> grade_codes(const pack::Pack& pack, const result::SchemeResult& scheme) {
  std::vector<std::string> codes;
  if (const schema::Codes* table = grades_of(pack, scheme))
    for (const schema::CodeEntry& entry : table->entries) codes.push_back(entry.code);
  return codes;
}

std::string register_of(const pack::Pack& pack, const result::SchemeResult& scheme) {
  const pack::Scheme* source = pack.scheme(scheme.scheme);
  return source == nullptr ? std::string{} : source->of;
}

void add_provenance(Table& table, const pack::Pack& pack, const result::SchemeResult& scheme) {
  const pack::Scheme* source = pack.scheme(scheme.scheme);
  if (source != nullptr)
    table.notes.push_back(
        {"依据 " + source->source + (scheme.clause.empty() ? "" : "；条款 " + scheme.clause),
         "Source " + source->source + (scheme.clause.empty() ? "" : "; clause " + scheme.clause)});
  if (!scheme.mark.empty())
    table.notes.push_back({"本表含" + scheme.mark, "This table depends on " + scheme.mark});
}

Words titled(const result::SchemeResult& scheme, const char* zh, const char* en) {
  return {scheme.scheme + "：" + zh, scheme.scheme + ": " + en};
}

}  // namespace

std::string percent_text(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return {};
  const auto share = divide(Decimal(part) * Decimal(100), Decimal(whole));
  return share ? share->to_fixed(1) : std::string{};
}

Table grades(const pack::Pack& pack, const result::SchemeResult& scheme) {
  Table table{.id = "grades", .title = titled(scheme, "各档家数", "records by grade")};
  table.columns = {{"grade", {"等级", "Grade"}},
                   {"name", {"名称", "Name"}},
                   {"count", {"家数", "Count"}, "家", Align::Right},
                   {"share", {"占参评", "Share of rated"}, "%", Align::Right}};
  const schema::Codes* codes = grades_of(pack, scheme);
  for (const auto& [grade, count] : scheme.balance.by_grade) {
    const schema::CodeEntry* entry = codes == nullptr ? nullptr : codes->find(grade);
    table.rows.push_back({grade, entry == nullptr ? "" : entry->name, count_text(count),
                          percent_text(count, scheme.balance.rated)});
  }
  table.totals = {"参评", "", count_text(scheme.balance.rated), scheme.balance.rated > 0 ? "100.0" : ""};
  const result::Balance& b = scheme.balance;
  table.sentence = {"应评 " + count_text(b.due) + " 家 = 参评 " + count_text(b.rated) + " + 免评 " +
                        count_text(b.exempt) + " + 不评 " + count_text(b.not_rated) +
                        (b.failures.empty() ? "，对平。" : "，没有对平。"),
                    "Due " + count_text(b.due) + " = rated " + count_text(b.rated) + " + exempt " +
                        count_text(b.exempt) + " + not rated " + count_text(b.not_rated) +
                        (b.failures.empty() ? ", balanced." : ", NOT balanced.")};
  for (const std::string& failure : b.failures) table.notes.push_back({failure, failure});
  add_provenance(table, pack, scheme);
  return table;
}

Table grades_by_town(const Naming& naming, const result::SchemeResult& scheme) {
  Table table{.id = "grades_by_town", .title = titled(scheme, "各镇街各档家数", "records by town and grade")};
  const std::vector<std::string> codes = grade_codes(*naming.pack, scheme);
  table.columns = {{"town", {"镇街", "Town"}}};
  for (const std::string& code : codes)
    table.columns.push_back({code, {code + " 档", code}, "", Align::Right});
  table.columns.push_back({"rated", {"参评", "Rated"}, "", Align::Right});
  table.columns.push_back({"exempt", {"免评", "Exempt"}, "", Align::Right});
  table.columns.push_back({"not_rated", {"不评", "Not rated"}, "", Align::Right});
  table.columns.push_back({"due", {"应评", "Due"}, "", Align::Right});
  const std::string register_id = register_of(*naming.pack, scheme);
  const std::size_t width = codes.size() + 4;
  std::map<std::string, std::vector<std::int64_t>> by_town;
  std::vector<std::int64_t> all(width, 0);
  for (const Outcome& outcome : scheme.outcomes) {
    auto& counts = by_town.try_emplace(naming.town(register_id, outcome.row), width, 0).first->second;
    const auto add = [&](std::size_t at) {
      ++counts[at];
      ++all[at];
    };
    if (outcome.standing == Standing::Rated) {
      const auto at = std::find(codes.begin(), codes.end(), outcome.grade);
      if (at != codes.end()) add(static_cast<std::size_t>(at - codes.begin()));
      add(codes.size());
    } else if (outcome.standing == Standing::Exempt) {
      add(codes.size() + 1);
    } else if (outcome.standing == Standing::NotRated) {
      add(codes.size() + 2);
    }
    add(codes.size() + 3);
  }
  const auto row_of = [&](std::string name, const std::vector<std::int64_t>& counts) {
    std::vector<std::string> row{std::move(name)};
    for (const std::int64_t count : counts) row.push_back(count_text(count));
    return row;
  };
  for (const auto& [town, counts] : by_town) table.rows.push_back(row_of(naming.town_name(town), counts));
  table.totals = row_of("全区", all);
  add_provenance(table, *naming.pack, scheme);
  return table;
}

Table balance(const pack::Pack&, const result::Result& result) {
  Table table{.id = "balance", .title = {"对平", "Balance"}};
  table.columns = {{"scheme", {"方案", "Scheme"}},
                   {"due", {"应评", "Due"}, "家", Align::Right},
                   {"rated", {"参评", "Rated"}, "家", Align::Right},
                   {"exempt", {"免评", "Exempt"}, "家", Align::Right},
                   {"not_rated", {"不评", "Not rated"}, "家", Align::Right},
                   {"verdict", {"结论", "Verdict"}}};
  bool balanced = true;
  for (const result::SchemeResult& scheme : result.schemes) {
    const result::Balance& b = scheme.balance;
    balanced = balanced && b.failures.empty();
    table.rows.push_back({scheme.scheme, count_text(b.due), count_text(b.rated), count_text(b.exempt),
                          count_text(b.not_rated), b.failures.empty() ? "平" : b.failures.front()});
  }
  for (const result::RosterResult& roster : result.rosters)
    table.rows.push_back(
        {roster.roster, count_text(roster.due), count_text(roster.listed) + " 入列",
         count_text(roster.exempt) + " 免列",
         count_text(roster.not_listed) + " 不入列，" + count_text(roster.unknown) + " 待核",
         roster.due == roster.listed + roster.exempt + roster.not_listed + roster.unknown ? "平" : "不平"});
  table.sentence =
      balanced ? Words{"各方案参评、免评、不评之和都等于应评。",
                       "Rated, exempt and not rated add up to due in every scheme."}
               : Words{"有方案没有对平，不能公布。", "A scheme does not balance and must not be published."};
  return table;
}

Table nearest_to_a_line(const Naming& naming, const result::SchemeResult& scheme, std::size_t count) {
  Table table{.id = "nearest",
              .title = titled(scheme, "离等级线最近的企业", "records nearest to a grade line")};
  table.columns = {{"title", {"企业", "Enterprise"}},
                   {"key", {"统一社会信用代码", "Credit code"}},
                   {"town", {"镇街", "Town"}},
                   {"grade", {"排名等级", "Grade by rank"}},
                   {"total", {"总分", "Total"}, "分", Align::Right},
                   {"distance", {"与另一侧相差", "Distance to the other side"}, "分", Align::Right},
                   {"other", {"另一侧", "Other side"}}};
  std::map<std::int32_t, std::vector<const Outcome*>> groups;
  for (const Outcome& outcome : scheme.outcomes)
    if (outcome.standing == Standing::Rated && outcome.total) groups[outcome.group].push_back(&outcome);
  struct Near {
    const Outcome* outcome;
    Decimal distance;
    std::string other;
  };
  std::vector<Near> all;
  for (auto& [group, members] : groups) {
    std::sort(members.begin(), members.end(), [](const Outcome* a, const Outcome* b) {
      return a->rank != b->rank ? a->rank < b->rank : a->key < b->key;
    });
    for (std::size_t i = 0; i + 1 < members.size(); ++i) {
      if (members[i]->raw_grade == members[i + 1]->raw_grade) continue;
      const Decimal upper = *members[i]->total, lower = *members[i + 1]->total;
      for (std::size_t j = i + 1; j-- > 0 && members[j]->raw_grade == members[i]->raw_grade && i - j < count;)
        all.push_back({members[j], *members[j]->total - lower, members[i + 1]->raw_grade});
      for (std::size_t j = i + 1;
           j < members.size() && members[j]->raw_grade == members[i + 1]->raw_grade && j - i <= count; ++j)
        all.push_back({members[j], upper - *members[j]->total, members[i]->raw_grade});
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Near& a, const Near& b) {
    return a.distance != b.distance ? a.distance < b.distance : a.outcome->key < b.outcome->key;
  });
  if (all.size() > count) all.resize(count);
  const std::string register_id = register_of(*naming.pack, scheme);
  for (const Near& near : all) {
    const Outcome& o = *near.outcome;
    table.rows.push_back({naming.title(register_id, o.row), o.key,
                          naming.town_name(naming.town(register_id, o.row)), o.raw_grade,
                          (*o.total).to_string(), near.distance.to_string(), near.other});
  }
  add_provenance(table, *naming.pack, scheme);
  return table;
}

Table enterprises(const Naming& naming, const result::SchemeResult& scheme) {
  Table table{.id = "enterprises", .title = titled(scheme, "企业评价结果", "results by enterprise")};
  table.columns = {{"key", {"统一社会信用代码", "Credit code"}},
                   {"title", {"企业名称", "Enterprise"}},
                   {"town", {"镇街", "Town"}},
                   {"standing", {"参评情况", "Standing"}},
                   {"grade", {"等级", "Grade"}},
                   {"raw_grade", {"排名等级", "Grade by rank"}},
                   {"total", {"总分", "Total"}, "分", Align::Right},
                   {"rank", {"名次", "Rank"}, "", Align::Right}};
  const pack::Scheme* source = naming.pack->scheme(scheme.scheme);
  if (source != nullptr)
    for (const pack::SchemeItem& item : source->items)
      table.columns.push_back(
          {item.indicator, {item.indicator + " 得分", item.indicator + " score"}, "", Align::Right});
  table.columns.push_back({"adjustment", {"加减分", "Adjustment"}, "", Align::Right});
  table.columns.push_back({"why", {"说明", "Remark"}});
  const std::string register_id = register_of(*naming.pack, scheme);
  std::vector<std::pair<std::string, const Outcome*>> ordered;
  ordered.reserve(scheme.outcomes.size());
  for (const Outcome& outcome : scheme.outcomes)
    ordered.emplace_back(naming.town(register_id, outcome.row), &outcome);
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [town, o] : ordered) {
    std::vector<std::string> row{o->key,
                                 naming.title(register_id, o->row),
                                 naming.town_name(town),
                                 result::to_chinese(o->standing),
                                 o->grade,
                                 o->raw_grade,
                                 o->total ? (*o->total).to_string() : "",
                                 o->rank > 0 ? std::to_string(o->rank) : ""};
    for (std::size_t i = 0; source != nullptr && i < source->items.size(); ++i)
      row.push_back(i < o->items.size() && o->items[i].score ? (*o->items[i].score).to_string()
                    : i < o->items.size()                    ? quantity::to_chinese(o->items[i].state)
                                                             : "");
    row.push_back(o->adjustment.is_zero() ? "" : o->adjustment.to_string());
    std::string why = o->why;
    if (!o->veto.empty()) why += (why.empty() ? "" : "；") + ("一票否决，最高 " + o->veto + " 档");
    if (!o->protect.empty()) why += (why.empty() ? "" : "；") + ("保护，最低 " + o->protect + " 档");
    row.push_back(std::move(why));
    table.rows.push_back(std::move(row));
  }
  add_provenance(table, *naming.pack, scheme);
  return table;
}

}  // namespace tenglong::view
