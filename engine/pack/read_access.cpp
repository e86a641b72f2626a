// Tables of rights, read as words with places; campaign/access judges them.
#include "engine/pack/inside/draft.h"
#include "engine/text/text.h"

namespace tenglong::pack {

namespace {

// 甲、乙, 丙 of one cell; each with the place of the cell.
std::vector<AccessWord> words_of(const Cell& cell, const std::string& file) {
  std::vector<AccessWord> out;
  std::string one;
  const auto end = [&] {
    const std::string word(text::trim(one));
    if (!word.empty() && word != "-") out.push_back({word, place_of(cell, file)});
    one.clear();
  };
  for (std::size_t at = 0; at < cell.text.size();) {
    const std::string_view rest = std::string_view(cell.text).substr(at);
    if (rest.starts_with("、") || rest.starts_with("，")) {
      end();
      at += 3;
    } else if (rest.front() == ',') {
      end();
      ++at;
    } else {
      one += cell.text[at++];
    }
  }
  end();
  return out;
}

std::vector<std::vector<AccessWord>> groups_of(Keys& keys, std::string_view key) {
  std::vector<std::vector<AccessWord>> out;
  const Yaml* groups = keys.find(key);
  if (groups == nullptr) return out;
  for (const Yaml& group : groups->items) {
    std::vector<AccessWord> words;
    for (const Yaml& word : group.items) words.push_back({word.scalar, word.place});
    out.push_back(std::move(words));
  }
  return out;
}

}  // namespace

void read_access(Draft& draft, const RawBlock& raw) {
  Findings& findings = draft.findings;
  Keys keys(raw.root, "access", findings);
  Access access;
  read_block_head(draft, raw, keys, access, SourceRule::Required);
  if (const Yaml* roles = keys.find("roles", Need::Required))
    for (const Yaml& item : roles->items) {
      Keys inner(item, "role", findings);
      AccessRole role;
      role.place = item.place;
      role.id = inner.text("id", Need::Required);
      role.name = inner.text("name", Need::Required);
      role.is_outside = inner.boolean("outside");
      inner.finish();
      access.roles.push_back(std::move(role));
    }
  access.apart = groups_of(keys, "apart");
  access.separate = groups_of(keys, "separate");
  access.small_count = keys.number("small_count");
  if (const Yaml* masks = keys.find("masks"))
    for (const Yaml& item : masks->items) {
      Keys inner(item, "mask", findings);
      AccessMask mask;
      mask.field = {inner.text("field", Need::Required), item.place};
      mask.first = inner.number("first");
      mask.last = inner.number("last");
      inner.finish();
      access.masks.push_back(std::move(mask));
    }
  keys.text("note");
  keys.finish();
  const std::string& file = raw.place.file;
  const auto view = view_table(draft, raw,
                               {{"角色"},
                                {"操作"},
                                {"关系"},
                                {"状态", false},
                                {"字段", false},
                                {"台账", false},
                                {"条件", false},
                                {"说明", false}});
  if (view)
    for (std::size_t row = 0; row < view->rows.size(); ++row) {
      AccessLine line;
      const Cell& roles = *view->cell(row, 0);
      line.place = place_of(roles, file);
      bool is_whole = true;
      for (std::size_t wish = 0; wish < 3; ++wish)
        is_whole = is_filled(draft, *view->cell(row, wish), file) && is_whole;
      if (!is_whole) continue;
      line.roles = words_of(roles, file);
      line.operations = words_of(*view->cell(row, 1), file);
      line.relations = words_of(*view->cell(row, 2), file);
      if (const Cell* states = view->cell(row, 3)) line.states = words_of(*states, file);
      if (const Cell* level = view->cell(row, 4)) {
        auto words = words_of(*level, file);
        if (!words.empty()) line.level = words.front();
      }
      const auto word_of = [&](std::size_t wish) -> AccessWord {
        const Cell* cell = view->cell(row, wish);
        const std::string text(cell != nullptr ? text::trim(cell->text) : std::string_view{});
        return text.empty() || text == "-" ? AccessWord{} : AccessWord{text, place_of(*cell, file)};
      };
      line.of = word_of(5);
      line.condition = word_of(6);
      access.lines.push_back(std::move(line));
    }
  draft.pack.access.push_back(std::move(access));
}

}  // namespace tenglong::pack
