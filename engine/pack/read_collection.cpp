// `yaml collection`: 收数, what is due from whom by when. `yaml identity`: how names of enterprises are
// compared.
#include <algorithm>

#include "engine/pack/inside/draft.h"

namespace tenglong::pack {
namespace {

using diagnostic::Place;

std::optional<int> whole_number(Draft& draft, Keys& keys, const char* key, int least, int most,
                                Need need = Need::Optional) {
  keys.text(key, need);
  const auto number = keys.number(key);
  if (!number) return std::nullopt;
  const auto whole = number->to_integer();
  if (whole && *whole >= least && *whole <= most) return static_cast<int>(*whole);
  draft.findings.add(
      "E-PACK-290", keys.place_of(key),
      {std::string(key) + " 要是 " + std::to_string(least) + " 到 " + std::to_string(most) + " 的整数。",
       std::string(key) + " must be a whole number from " + std::to_string(least) + " to " +
           std::to_string(most) + "."},
      {"改写这个数。", "Correct the number."});
  return std::nullopt;
}

CollectionItem read_collection_item(Draft& draft, const Yaml& node) {
  Keys keys(node, "item", draft.findings);
  CollectionItem item;
  item.place = node.place;
  item.provider = keys.text("provider", Need::Required);
  item.fields = keys.texts("fields");
  if (const Yaml* due = keys.find("due", Need::Required)) {
    if (due->kind != Yaml::Kind::Map) {
      draft.findings.add("E-PACK-107", due->place,
                         {"due 要写成 {months: …, day: …}。", "due must be {months: …, day: …}."},
                         {"次月15日写 {months: 1, day: 15}；年度数据次年3月底写 {months: 3, day: 31}。",
                          "The 15th of the next month is {months: 1, day: 15}."});
    } else {
      Keys inner(*due, "due", draft.findings);
      item.due.months = whole_number(draft, inner, "months", 0, 36, Need::Required).value_or(0);
      item.due.day = whole_number(draft, inner, "day", 1, 31, Need::Required).value_or(31);
      inner.finish();
    }
  }
  for (const std::string& each : keys.texts("remind")) {
    const auto days = quantity::Decimal::parse(each);
    const auto whole = days ? days->to_integer() : std::nullopt;
    if (whole && *whole >= 0 && *whole <= 366)
      item.remind.push_back(static_cast<int>(*whole));
    else
      draft.findings.add("E-PACK-290", keys.place_of("remind"),
                         {"remind 是到期前的天数，0 到 366 的整数。",
                          "remind lists days before the due day, whole numbers from 0 to 366."},
                         {"例如 remind: [10, 3]。", "For example remind: [10, 3]."});
  }
  std::sort(item.remind.rbegin(), item.remind.rend());
  item.where = keys.expression("where");
  keys.text("note");
  keys.finish();
  return item;
}

// 龍龙: the character as it may be written, and the one that is meant.
void read_variants(Draft& draft, Keys& keys, schema::NameRules& rules) {
  for (const std::string& pair : keys.texts("variants")) {
    std::u32string both;
    for (std::size_t at = 0; at < pair.size();) both += text::next_code_point(pair, at);
    if (both.size() == 2 && both[0] != both[1])
      rules.variants.emplace_back(both[0], both[1]);
    else
      draft.findings.add("E-PACK-291", keys.place_of("variants"),
                         {"异写“" + pair + "”要正好两个不同的字：写法在前，本字在后。",
                          "\"" + pair + "\" must be two different characters: as written, then as meant."},
                         {"例如 variants: [龍龙, 發发]。", "For example variants: [龍龙, 發发]."});
  }
  std::sort(rules.variants.begin(), rules.variants.end());
}

void read_scores(Draft& draft, const RawBlock& raw, schema::NameRules& rules) {
  const auto view = view_table(draft, raw, {{"理由"}, {"分"}, {"说明", false}});
  if (!view) return;
  const std::vector<std::string> known(std::begin(schema::kLikenessNames), std::end(schema::kLikenessNames));
  for (std::size_t row = 0; row < view->rows.size(); ++row) {
    const Cell& ground = *view->cell(row, 0);
    const Cell& score = *view->cell(row, 1);
    if (!is_filled(draft, ground, raw.place.file) || !is_filled(draft, score, raw.place.file)) continue;
    const auto found = std::find(known.begin(), known.end(), ground.text);
    if (found == known.end()) {
      draft.findings.add(
          "E-PACK-202", place_of(ground, raw.place.file),
          {"没有“" + ground.text + "”这个理由。", "There is no ground \"" + ground.text + "\"."},
          near_or_list(ground.text, known));
      continue;
    }
    const auto number = quantity::Decimal::parse(score.text);
    const auto whole = number ? number->to_integer() : std::nullopt;
    if (!whole || *whole < 0 || *whole > 99)
      draft.findings.add(
          "E-PACK-290", place_of(score, raw.place.file),
          {"分要是 0 到 99 的整数；100 分是有人定了，不是相似。", "A score is a whole number from 0 to 99."},
          {"改写这个数；0 表示不看这一条。", "Correct it; 0 leaves this ground out."});
    else
      rules.scores[static_cast<std::size_t>(found - known.begin())] = static_cast<int>(*whole);
  }
}

}  // namespace

void read_collection(Draft& draft, const RawBlock& raw) {
  Keys keys(raw.root, "collection", draft.findings);
  Collection collection;
  read_block_head(draft, raw, keys, collection, SourceRule::Required);
  collection.of = keys.text("of", Need::Required);
  collection.responsible = keys.text("responsible", Need::Required);
  if (const Yaml* items = keys.find("items", Need::Required)) {
    for (const Yaml& node : items->items)
      if (node.kind == Yaml::Kind::Map)
        collection.items.push_back(read_collection_item(draft, node));
      else
        draft.findings.add("E-PACK-107", node.place,
                           {"数据项应写成 {provider: …, due: …}。", "An item is {provider: …, due: …}."});
    if (items->kind != Yaml::Kind::List)
      draft.findings.add("E-PACK-107", items->place, {"items 应写成一张列表。", "items must be a list."},
                         {"每项一行：- {provider: 区税务局, due: {months: 1, day: 15}}",
                          "One line an item: - {provider: …, due: {months: 1, day: 15}}"});
  }
  keys.text("note");
  keys.finish();
  draft.pack.collections.push_back(std::move(collection));
}

void read_identity(Draft& draft, const RawBlock& raw) {
  Keys keys(raw.root, "identity", draft.findings);
  Block head;
  read_block_head(draft, raw, keys, head, SourceRule::Required);
  schema::NameRules rules{.place = raw.place};
  rules.register_id = keys.text("of", Need::Required);
  rules.name_field = keys.text("name_field", Need::Required);
  rules.near_names = keys.texts("near");
  rules.places = keys.texts("places");
  rules.endings = keys.texts("endings");
  read_variants(draft, keys, rules);
  rules.least = whole_number(draft, keys, "least", 1, 100, Need::Required).value_or(1);
  rules.most = whole_number(draft, keys, "most", 1, 50, Need::Required).value_or(1);
  rules.sure = whole_number(draft, keys, "sure", 1, 100, Need::Optional).value_or(100);
  if (rules.sure < rules.least)
    draft.findings.add("E-PACK-290", keys.place_of("sure"),
                       {"sure 小于 least：没有列出的候选不能算认准。",
                        "sure lies below least: what is not offered cannot be sure."},
                       {"sure 写到 least 与 100 之间；100 是一律问人。",
                        "Write one between least and 100; 100 always asks."});
  keys.text("note");
  keys.finish();
  read_scores(draft, raw, rules);
  if (!draft.pack.name_rules.register_id.empty()) {
    draft.findings
        .add("E-PACK-201", raw.place, {"已有一个 identity 块。", "There is an identity block already."},
             {"合成一个。", "Join the two."})
        .related.push_back({draft.pack.name_rules.place, {"第一次在这里", "first defined here"}});
    return;
  }
  draft.pack.name_rules = std::move(rules);
}

}  // namespace tenglong::pack
