#include "server/inside/chosen.h"

#include <map>
#include <set>

#include "server/inside/ranked.h"
#include "server/inside/record_write.h"
#include "server/inside/write.h"

namespace tenglong::server {

namespace {

using access::Operation;

// All that the filter of a ranking or a 清单 keeps. Nothing: there is no such list.
std::optional<std::set<std::string>> keys_of_ranking(District& district, const Call& call, const Json& ranked,
                                                     diagnostic::Diagnostics& told) {
  const RankedKind kind = ranked.text_of("kind") == "schemes" ? RankedKind::Scheme : RankedKind::Roster;
  std::map<std::string, std::string> query;
  if (const Json* given = ranked.find("query"))
    for (const auto& [name, value] : given->members) query[name] = value.text;
  for (const Parameter& one : ranked_parameters(kind))
    if (const auto found = query.find(one.name); found != query.end() && !found->second.empty())
      one.shape.check_text(found->second, "body", std::string("ranked/query/") + one.name, told);
  if (!told.empty()) return std::nullopt;
  const Call asking{call.request, call.path, query, call.body, call.caller};
  const Asked asked = asked_edition(district, asking);
  if (asked.refused) return std::nullopt;
  const auto list =
      Ranked::find(*asked.edition, asked.state, asking, Operation::ReadResult, kind, ranked.text_of("id"));
  if (!list) return std::nullopt;
  told.insert(told.end(), list->told.begin(), list->told.end());
  std::set<std::string> out;
  for (const RankedRow& row : list->rows) out.insert(*row.key);
  return out;
}

}  // namespace

Chosen chosen_rows(District& district, const Call& call, const Edition& edition, const schema::Register& of,
                   const std::optional<calendar::Period>& period) {
  Chosen out;
  const auto unread = [&](const diagnostic::Diagnostics& told) {
    out.refused = problem(400, {"筛选里有要改的。", "The filter is to be mended."}, told);
    return out;
  };
  // Which of them are there, and theirs to see, the list says; the keys only choose among these.
  std::map<std::string, std::string> query;
  for (const char* name : {"where", "q", "town"})
    if (const std::string text = call.body.text_of(name); !text.empty()) query[name] = text;
  const Call asking{call.request, call.path, query, call.body, call.caller};
  diagnostic::Diagnostics told;
  out.keys = listed_keys(edition, district.store().lists().states(), asking, of, period, told);
  if (!told.empty()) return unread(told);
  if (const Json* chosen = call.body.find("keys")) {
    std::set<std::string> wanted;
    for (const Json& one : chosen->items) wanted.insert(one.text);
    std::erase_if(out.keys, [&](const std::string& key) { return !wanted.contains(key); });
  }
  if (const Json* ranked = call.body.find("ranked")) {
    const auto wanted = keys_of_ranking(district, call, *ranked, told);
    if (!told.empty()) return unread(told);
    if (!wanted)
      out.refused = not_there();
    else
      std::erase_if(out.keys, [&](const std::string& key) { return !wanted->contains(key); });
  }
  return out;
}

std::vector<Member> chosen_with(std::vector<Member> own) {
  const std::vector<Member> choosing = {
      {"keys", Shape::list(Shape::text(300, 1), 20000), "else all that the filter keeps", Presence::Optional},
      {"ranked",
       Shape::object("RankedQuestion", {{"kind", Shape::choice({"schemes", "rosters"}), ""},
                                        {"id", Shape::text(120, 1), ""},
                                        {"query", Shape::map(Shape::text(400)), "as of that list"}}),
       "of these, those that a ranking or a list keeps", Presence::Optional},
      {"where", Shape::text(2000), "as of the list", Presence::Optional},
      {"q", Shape::text(60), "", Presence::Optional},
      {"town", Shape::text(20), "", Presence::Optional},
      {"period", Shape::text(30), "", Presence::Optional}};
  own.insert(own.end(), choosing.begin(), choosing.end());
  return own;
}

}  // namespace tenglong::server
