// What is looked for by code, name, pinyin or initials; and the table of who may do what.
#include <algorithm>
#include <map>
#include <span>

#include "server/api.h"
#include "server/inside/record_sight.h"
#include "server/inside/write.h"

namespace tenglong::server {

namespace {

using access::Operation;
using text::JsonWriter;

bool holds(std::string_view text, std::string_view words) {
  return text::ascii_lower(text).find(text::ascii_lower(words)) != std::string::npos;
}

struct Hit {
  std::string title, subtitle, to;
};

Answer search_answer(District& district, const Call& call) {
  const std::string words = call.query_or("q", "");
  const auto edition = district.edition();
  const store::RecordStates states = district.store().lists().states();
  const pack::Pack& pack = *edition->pack;
  const auto most = static_cast<std::size_t>(call.number_or("most", 10));
  JsonWriter out;
  out.begin_object().key("groups").begin_array();
  // One more than is shown says that there are more.
  const auto group = [&](const char* kind, const std::string& name, const std::vector<Hit>& hits) {
    if (hits.empty()) return;
    out.begin_object().member("kind", kind).member("name", name).member("has_more", hits.size() > most);
    out.key("items").begin_array();
    for (const Hit& hit : std::span(hits).first(std::min(hits.size(), most))) {
      std::string subtitle =
          hit.subtitle;  // the parts of a key are kept apart by a character that does not show
      std::replace(subtitle.begin(), subtitle.end(), '\x1F', ' ');
      out.begin_object().member("title", hit.title).member("subtitle", subtitle).member("to", hit.to);
      out.end_object();
    }
    out.end_array().end_object();
  };
  // Records as far as the scope reaches, by register: the enterprises, then in order of the best.
  std::vector<std::string> order;
  std::map<std::string, std::vector<Hit>> by_register;
  for (const store::Found& found : district.store().lists().search(words, most + 1, call.caller.scope)) {
    std::vector<Hit>& hits = by_register[found.register_id];
    if (hits.empty()) order.push_back(found.register_id);
    hits.push_back({found.name, found.key, "/registers/" + found.register_id + "/" + found.key});
  }
  const auto is_firm = [&](const std::string& id) {
    const schema::Register* target = pack.schema.find(id);
    const schema::Field* key = target->key.size() == 1 ? target->find(target->key[0]) : nullptr;
    return key != nullptr && key->type == schema::FieldType::CreditCode;
  };
  std::stable_partition(order.begin(), order.end(), is_firm);
  for (const std::string& id : order) {
    if (is_firm(id))
      for (Hit& hit : by_register[id]) hit.to = "/enterprises/" + hit.subtitle;
    group(is_firm(id) ? "enterprise" : "record", pack.schema.find(id)->name, by_register[id]);
  }
  std::vector<Hit> clauses, targets, registers;
  for (const pack::Clause& clause : pack.clauses)
    if (clauses.size() <= most && (holds(clause.id, words) || holds(clause.title, words)))
      clauses.push_back({clause.title, clause.id, "/rules#" + clause.id});
  for (const pack::Target& target : pack.targets)
    if (targets.size() <= most && (holds(target.id, words) || holds(target.name, words)))
      targets.push_back({target.name, target.id, "/targets/" + target.id});
  for (const schema::Register& target : pack.schema.registers)
    if (registers.size() <= most &&
        sees_register(*edition, states, call.caller, Operation::ReadRecord, target) &&
        (holds(target.id, words) || holds(target.name, words)))
      registers.push_back({target.name, target.number, "/registers/" + target.id});
  group("clause", "条款", clauses);
  group("target", "目标", targets);
  group("register", "台账", registers);
  out.end_array().end_object();
  return json(out);
}

Answer matrix_answer(District& district) {
  const access::Policy& policy = district.policy();
  const std::vector<std::string> ids = policy.roles(), names = policy.role_names();
  constexpr const char* kLevels[] = {"public", "internal", "sensitive"};
  JsonWriter out;
  out.begin_object().key("roles").begin_array();
  for (std::size_t i = 0; i < ids.size(); ++i)
    out.begin_object().member("id", ids[i]).member("name", names[i]).end_object();
  out.end_array().key("operations").begin_array();
  for (const access::OperationInfo& one : access::operations())
    out.begin_object().member("id", one.id).member("name", one.zh).member("reads", one.reads).end_object();
  out.end_array().key("grants").begin_array();
  for (const access::MatrixRow& row : policy.matrix()) {
    if (!row.level) continue;
    out.begin_object().member("role", row.role).member("operation", access::info(row.operation).id);
    out.member("relation", access::kRelationNames[static_cast<std::size_t>(row.relation)]);
    out.member("state", access::kStateNames[static_cast<std::size_t>(row.state)]);
    out.member("level", kLevels[static_cast<std::size_t>(*row.level)]).end_object();
  }
  out.end_array().end_object();
  return json(out);
}

}  // namespace

std::vector<Route> search_routes(District& district) {
  std::vector<Route> out;
  const auto text = Shape::text();
  const Shape hit = Shape::object(
      "SearchHit", {{"title", text, ""}, {"subtitle", text, ""}, {"to", text, "address of the page"}});
  const Shape group =
      Shape::object("SearchGroup", {{"kind", text, "enterprise, record, clause, target, register"},
                                    {"name", text, ""},
                                    {"has_more", Shape::boolean(), "than are here"},
                                    {"items", Shape::list(hit), "the best first"}});
  out.push_back(reading("/api/search", "search",
                        Summary("按代码、名称、拼音、首字母找", "By code, name, pinyin or initials"),
                        Operation::SearchRecord,
                        {{"q", Shape::text(100, 1), "what is looked for", Presence::Required},
                         {"most", Shape::integer(1, 200), "of a kind; 10 if not given"}},
                        Shape::object("SearchResult", {{"groups", Shape::list(group), ""}}),
                        [&](const Call& call) { return search_answer(district, call); }));
  const Shape role = Shape::object("Role", {{"id", text, ""}, {"name", text, ""}});
  const Shape operation = Shape::object(
      "AccessOperation", {{"id", text, ""}, {"name", text, ""}, {"reads", Shape::boolean(), ""}});
  const Shape grant = Shape::object("Grant", {{"role", text, "id"},
                                              {"operation", text, "id"},
                                              {"relation", text, ""},
                                              {"state", text, ""},
                                              {"level", text, "up to which fields"}});
  out.push_back(reading(
      "/api/access/matrix", "get_access_matrix",
      Summary("谁能做什么：全表", "Who may do what: the whole table"),
      Right::any_of({Operation::ManageAccount, Operation::GrantRole, Operation::ReadTrail}), {},
      Shape::object("AccessMatrix", {{"roles", Shape::list(role), ""},
                                     {"operations", Shape::list(operation), ""},
                                     {"grants", Shape::list(grant), "what no line grants is denied"}}),
      [&](const Call&) { return matrix_answer(district); }));
  return out;
}

}  // namespace tenglong::server
