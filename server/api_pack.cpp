#include <algorithm>
#include <map>
#include <mutex>

#include "engine/explain/explain.h"
#include "engine/fingerprint/fingerprint.h"
#include "engine/pack/written.h"
#include "server/api.h"
#include "server/inside/write.h"

namespace tenglong::server {

namespace {

using text::JsonWriter;

struct Described {
  const pack::Block* block = nullptr;
  std::string kind;
  std::vector<std::pair<std::string, std::string>> fields = {};
};

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : "、") + word;
  return out;
}

// Every block of the pack with what is worth reading of it beside its text.
std::vector<Described> blocks_of(const pack::Pack& pack) {
  std::vector<Described> out;
  const auto add = [&](const char* kind, const pack::Block& block,
                       std::vector<std::pair<std::string, std::string>> fields) {
    std::erase_if(fields, [](const auto& field) { return field.second.empty(); });
    out.push_back({&block, kind, std::move(fields)});
  };
  for (const auto& one : pack.parameters)
    add("parameter", one, {{"单位", one.unit.name()}, {"键", joined(one.keys)}, {"由谁提供", one.asked_of}});
  for (const auto& one : pack.indicators)
    add("indicator", one,
        {{"单位", one.unit.name()},
         {"公式", explain::formula_in_words(pack, one).zh},
         {"不适用", one.not_applicable_if.text}});
  for (const auto& one : pack.decisions) {
    std::vector<std::string> inputs;
    for (const auto& input : one.inputs) inputs.push_back(input.text);
    add("decision", one, {{"输入", joined(inputs)}});
  }
  for (const auto& one : pack.schemes) {
    std::vector<std::string> items;
    for (const auto& item : one.items) items.push_back(item.indicator + "（" + item.weight.text + "）");
    add("scheme", one,
        {{"应评", one.due.text}, {"指标与权重", joined(items)}, {"每项得分", one.item_score.text}});
  }
  for (const auto& one : pack.rosters)
    add("roster", one, {{"应查", one.due.text}, {"入列条件", one.enters_if.text}, {"线", one.line.text}});
  for (const auto& one : pack.targets)
    add("target", one,
        {{"单位", one.unit.name()},
         {"目标值", one.goal.text},
         {"公式", one.formula.text},
         {"牵头", one.lead}});
  for (const auto& one : pack.questions)
    add("question", one,
        {{"问", one.asks}, {"问谁", one.asked_of}, {"答复前", one.until_then}, {"答复", one.answer}});
  return out;
}

std::vector<std::vector<std::string>> table_in(const std::string& written) {
  std::vector<std::vector<std::string>> out;
  for (const std::string_view line : text::split(written, '\n')) {
    if (line.empty() || line.front() != '|') continue;
    auto cells = text::split(line.substr(1), '|');
    if (!cells.empty()) cells.pop_back();
    std::vector<std::string> row;
    for (const std::string_view cell : cells) row.emplace_back(text::trim(cell));
    if (std::all_of(row.begin(), row.end(), [](const std::string& cell) {
          return cell.find_first_not_of("-: ") == std::string::npos && !cell.empty();
        }))
      continue;
    out.push_back(std::move(row));
  }
  return out;
}

// Named in the text of another block: a formula that uses an indicator, a scheme that weighs it.
bool is_used_in(const Described& other, const pack::Block& block,
                const std::map<std::string, std::string>& texts) {
  if (other.block == &block || block.name.empty()) return false;
  const auto found = texts.find(other.kind + " " + other.block->id);
  return found != texts.end() && found->second.find(block.name) != std::string::npos;
}

// The blocks of one pack with their texts; made once for each pack that is in force.
struct Book {
  std::vector<Described> blocks = {};
  std::map<std::string, std::string> texts = {};
};
class Books {
 public:
  std::shared_ptr<const Book> of(const pack::Pack& pack) {
    const std::lock_guard lock(mutex_);
    auto& book = books_[&pack];
    if (!book) {
      auto made = std::make_shared<Book>();
      made->blocks = blocks_of(pack);
      for (const Described& one : made->blocks)
        made->texts[one.kind + " " + one.block->id] = pack::written_at(one.block->place);
      book = std::move(made);
    }
    return book;
  }

 private:
  std::mutex mutex_;
  std::map<const pack::Pack*, std::shared_ptr<const Book>> books_;  // a district keeps its packs
};

Shape block_name_shape() {
  return Shape::object("BlockName", {{"kind", Shape::text(), "parameter, indicator, scheme ..."},
                                     {"id", Shape::text(), ""},
                                     {"name", Shape::text(), ""}});
}

Shape pack_shape() {
  const Shape clause =
      Shape::object("Clause", {{"id", Shape::text(), "as printed: 三(一)3"},
                               {"title", Shape::text(), ""},
                               {"summary", Shape::text(100000), "Markdown, our own words"},
                               {"lead", Shape::text(), "lead unit"},
                               {"participants", Shape::list(Shape::text()), ""},
                               {"accountable", Shape::list(Shape::text()), ""},
                               {"questions", Shape::list(Shape::text()), ""},
                               {"not_yet", Shape::list(Shape::text()), "asked, and carried out by no block"},
                               {"blocks", Shape::list(block_name_shape()), ""}});
  return Shape::object(
      "Pack", {{"id", Shape::text(), ""},
               {"name", Shape::text(), ""},
               {"document", Shape::text(), "document number of the plan"},
               {"version", Shape::text(), ""},
               {"area", Shape::text(), ""},
               {"area_name", Shape::text(), ""},
               {"valid_from", Shape::date(), "", Presence::Optional},
               {"valid_to", Shape::date(), "", Presence::Optional},
               {"mark", Shape::text(), "sample data, sample parameters"},
               {"overlays", Shape::list(Shape::text()), ""},
               {"clauses", Shape::list(clause), ""},
               {"periods", Shape::list(Shape::text()), "with data, latest first"},
               {"default_period", Shape::text(), "", Presence::Optional},
               {"snapshot", Shape::text(), "fingerprint of the present snapshot; empty: being worked out"},
               {"change", Shape::count(), "the last one in it"},
               {"fingerprint", Shape::text(), "of the pack"}});
}

Answer pack_answer(District& district, Books& books) {
  const auto edition = district.edition();
  const pack::Pack& pack = district.pack();
  const auto book = books.of(pack);
  JsonWriter out;
  out.begin_object().member("id", pack.head.id).member("name", pack.head.name);
  out.member("document", pack.head.document)
      .member("version", pack.head.version)
      .member("area", pack.head.area);
  std::string area_name;
  for (const schema::Codes& codes : pack.schema.codes)
    if (!codes.level.empty())
      if (const schema::CodeEntry* entry = codes.find(pack.head.area)) area_name = entry->name;
  out.member("area_name", area_name);
  if (pack.head.valid_from) out.member("valid_from", pack.head.valid_from->to_string());
  if (pack.head.valid_to) out.member("valid_to", pack.head.valid_to->to_string());
  out.member("mark", edition->mark).key("overlays").begin_array();
  for (const pack::Head& overlay : pack.overlays) out.string(overlay.name);
  out.end_array().key("clauses").begin_array();
  for (const pack::Clause& clause : pack.clauses) {
    out.begin_object()
        .member("id", clause.id)
        .member("title", clause.title)
        .member("summary", clause.summary);
    out.member("lead", clause.lead).key("participants");
    write_list(out, clause.participants);
    out.key("accountable");
    write_list(out, clause.accountable);
    out.key("questions");
    write_list(out, clause.questions);
    out.key("not_yet");
    write_list(out, clause.not_yet);
    out.key("blocks").begin_array();
    for (const Described& one : book->blocks) {
      const std::string& at = one.block->clause;
      if (at != clause.id && at.rfind(clause.id + "·", 0) != 0) continue;
      out.begin_object().member("kind", one.kind).member("id", one.block->id).member("name", one.block->name);
      out.end_object();
    }
    out.end_array().end_object();
  }
  out.end_array().key("periods");
  write_list(out, district.years());
  if (edition->period) out.member("default_period", edition->period->to_string());
  out.member("change", edition->change.value);
  out.member("snapshot", edition->snapshot_fingerprint).member("fingerprint", pack.fingerprint).end_object();
  return tagged(out);
}

}  // namespace

std::vector<Route> pack_routes(District& district) {
  const auto books = std::make_shared<Books>();
  std::vector<Route> out;
  out.push_back(reading("/api/pack", "get_pack",
                        Summary("方案：条款与落实的块", "The plan: clauses and their blocks"),
                        Right::signed_in(), {}, pack_shape(),
                        [&district, books](const Call&) { return pack_answer(district, *books); }));
  const Shape field =
      Shape::object("NamedText", {{"name", Shape::text(), ""}, {"value", Shape::text(100000), ""}});
  const Shape table =
      Shape::object("TextTable", {{"columns", Shape::list(Shape::text()), ""},
                                  {"rows", Shape::list(Shape::list(Shape::text(100000))), ""}});
  out.push_back(reading(
      "/api/pack/blocks/{kind}/{id}", "get_block", Summary("一个块，连同原文", "One block as it is written"),
      Right::signed_in(),
      {in_path("kind", "parameter, indicator ..."), in_path("id", "id of the block"), period_parameter()},
      Shape::object("Block", {{"kind", Shape::text(), ""},
                              {"id", Shape::text(), ""},
                              {"name", Shape::text(), ""},
                              {"clause", Shape::text(), ""},
                              {"source", Shape::text(), ""},
                              {"is_default", Shape::boolean(), "not confirmed by the county"},
                              {"text", Shape::text(1000000), "as written"},
                              {"fields", Shape::list(field), ""},
                              {"table", table, "", Presence::Optional},
                              {"used_by", Shape::list(block_name_shape()), ""},
                              {"file", Shape::text(), ""},
                              {"line", Shape::count(), ""}}),
      [&district, books](const Call& call) {
        // As it is in force today, or was on the last day of a year.
        const auto period = calendar::Period::parse(call.query_or("period", ""));
        const auto book = books->of(period ? district.pack_on(period->to) : district.pack());
        const auto* blocks = &book->blocks;
        const auto* texts = &book->texts;
        const auto found = std::find_if(blocks->begin(), blocks->end(), [&](const Described& one) {
          return one.kind == call.path.at("kind") &&
                 (one.block->id == call.path.at("id") || one.block->name == call.path.at("id"));
        });
        if (found == blocks->end()) return not_there();
        const pack::Block& block = *found->block;
        const std::string& written = texts->at(found->kind + " " + block.id);
        JsonWriter json_out;
        json_out.begin_object().member("kind", found->kind).member("id", block.id).member("name", block.name);
        json_out.member("clause", block.clause).member("source", block.source);
        json_out.member("is_default", block.is_default()).member("text", written).key("fields").begin_array();
        for (const auto& [name, value] : found->fields)
          json_out.begin_object().member("name", name).member("value", value).end_object();
        json_out.end_array();
        if (const auto rows = table_in(written); !rows.empty()) {
          json_out.key("table").begin_object().key("columns");
          write_list(json_out, rows[0]);
          json_out.key("rows").begin_array();
          for (std::size_t i = 1; i < rows.size(); ++i) write_list(json_out, rows[i]);
          json_out.end_array().end_object();
        }
        json_out.key("used_by").begin_array();
        for (const Described& other : *blocks) {
          if (!is_used_in(other, block, *texts)) continue;
          json_out.begin_object().member("kind", other.kind).member("id", other.block->id);
          json_out.member("name", other.block->name).end_object();
        }
        json_out.end_array().member("file", block.place.file).member("line", block.place.line).end_object();
        return json(json_out);
      }));
  const Shape entry = Shape::object(
      "CodeEntry", {{"code", Shape::text(), ""}, {"name", Shape::text(), ""}, {"parent", Shape::text(), ""}});
  out.push_back(reading("/api/codes/{codes}", "get_codes", Summary("一张代码表", "A code table"),
                        Right::signed_in(), {in_path("codes", "id of the table")},
                        Shape::object("Codes", {{"id", Shape::text(), ""},
                                                {"name", Shape::text(), ""},
                                                {"entries", Shape::list(entry), ""}}),
                        [&district](const Call& call) {
                          const schema::Codes* found =
                              district.pack().schema.find_codes(call.path.at("codes"));
                          if (found == nullptr) return not_there();
                          JsonWriter json_out;
                          json_out.begin_object().member("id", found->id).member("name", found->name);
                          json_out.key("entries").begin_array();
                          for (const schema::CodeEntry& one : found->entries) {
                            json_out.begin_object().member("code", one.code).member("name", one.name);
                            json_out.member("parent", one.parent).end_object();
                          }
                          json_out.end_array().end_object();
                          return json(json_out);
                        }));
  return out;
}

}  // namespace tenglong::server
