#include <algorithm>

#include "campaign/trail/trail.h"
#include "server/api.h"
#include "server/inside/write.h"

namespace tenglong::server {

namespace {

using access::Operation;
using text::JsonWriter;

Answer events(District& district, const Call& call) {
  const trail::TrailStore& kept = district.store().trail();
  const std::int64_t total = kept.size(), size = call.number_or("size", 50), page = call.number_or("page", 1);
  const std::int64_t to = total - (page - 1) * size, from = std::max<std::int64_t>(1, to - size + 1);
  std::vector<trail::Event> found;
  if (to >= 1)
    kept.read(from, to, [&](std::int64_t, std::string_view encoded) {
      if (auto event = trail::decode(encoded)) found.push_back(std::move(*event));
    });
  std::reverse(found.begin(), found.end());
  JsonWriter out;
  out.begin_object().key("events").begin_array();
  for (const trail::Event& one : found) {
    out.begin_object().member("number", one.number).member("at", one.at).member("account", one.account);
    out.member("unit", one.unit).member("on_behalf_of", one.on_behalf_of).member("request", one.request);
    out.member("operation", one.operation).member("kind", one.kind).member("object", one.object);
    out.member("before", one.before).member("after", one.after).key("details").begin_object();
    for (const auto& [name, value] : one.details) out.member(name, value);
    out.end_object().end_object();
  }
  out.end_array().member("total", total).member("page", page).member("size", size).end_object();
  return json(out);
}

// Every event hashed again, the root worked out from them and compared with the kept nodes and the latest
// signed head.
Answer verify(District& district, const Call&) {
  const trail::TrailStore& kept = district.store().trail();
  const std::int64_t size = kept.size();
  const trail::NodeAt node = [&](int level, std::int64_t index) { return kept.node(level, index); };
  std::int64_t first_wrong = 0, seen = 0;
  kept.read(1, size, [&](std::int64_t number, std::string_view encoded) {
    ++seen;
    const bool is_right = number == seen && trail::leaf_hash(encoded) == kept.node(0, number - 1) &&
                          trail::decode(encoded).has_value();
    if (!is_right && first_wrong == 0) first_wrong = seen;
  });
  if (first_wrong == 0 && seen != size) first_wrong = seen + 1;
  for (std::int64_t parent = 1; parent < 62 && first_wrong == 0; ++parent)
    for (std::int64_t index = 0; (index + 1) << parent <= size && first_wrong == 0; ++index) {
      const int level = static_cast<int>(parent);
      if (trail::node_hash(kept.node(level - 1, 2 * index), kept.node(level - 1, 2 * index + 1)) !=
          kept.node(level, index))
        first_wrong = (index << parent) + 1;
    }
  const auto heads = kept.heads();
  bool heads_hold = true;
  for (const trail::SignedHead& head : heads)
    heads_hold = heads_hold && head.head.size <= size &&
                 trail::root(head.head.size, node) == head.head.root &&
                 trail::is_signed_by(head.head, head.signature, head.public_pem);
  const bool holds = first_wrong == 0 && heads_hold;
  JsonWriter out;
  out.begin_object()
      .member("holds", holds)
      .member("size", size)
      .member("root", trail::to_hex(trail::root(size, node)));
  out.member("heads", static_cast<std::int64_t>(heads.size())).key("sentence");
  if (holds)
    write_words(out, {"留痕 " + std::to_string(size) + " 条，逐条核过，没有改动。",
                      "All " + std::to_string(size) + " events were checked; none was changed."});
  else if (first_wrong > 0)
    write_words(out, {"第 " + std::to_string(first_wrong) + " 条起与树不符。",
                      "From event " + std::to_string(first_wrong) + " on they do not fit the tree."});
  else
    write_words(out, {"有签过名的根与现在的留痕不符。", "A signed root does not fit the trail as it is."});
  out.end_object();
  return json(out);
}

}  // namespace

std::vector<Route> trail_routes(District& district) {
  const Shape event = Shape::object("TrailEvent", {{"number", Shape::count(), ""},
                                                   {"at", Shape::text(), ""},
                                                   {"account", Shape::text(), ""},
                                                   {"unit", Shape::text(), ""},
                                                   {"on_behalf_of", Shape::text(), ""},
                                                   {"request", Shape::text(), "number of the request"},
                                                   {"operation", Shape::text(), ""},
                                                   {"kind", Shape::text(), ""},
                                                   {"object", Shape::text(100000), ""},
                                                   {"before", Shape::text(), "SM3"},
                                                   {"after", Shape::text(), "SM3"},
                                                   {"details", Shape::map(Shape::text(100000)), ""}});
  std::vector<Route> out;
  out.push_back(reading("/api/trail", "list_trail", Summary("留痕，最近的在前", "The trail, latest first"),
                        Operation::ReadTrail, {page_parameter(), size_parameter()},
                        Shape::object("Trail", {{"events", Shape::list(event), ""},
                                                {"total", Shape::count(), ""},
                                                {"page", Shape::count(), ""},
                                                {"size", Shape::count(), ""}}),
                        [&](const Call& call) { return events(district, call); }));
  out.push_back(reading("/api/trail/verify", "verify_trail",
                        Summary("核对留痕", "Check every event against the tree"), Operation::VerifyTrail, {},
                        Shape::object("TrailCheck", {{"holds", Shape::boolean(), ""},
                                                     {"size", Shape::count(), ""},
                                                     {"root", Shape::text(), ""},
                                                     {"heads", Shape::count(), "signed"},
                                                     {"sentence", words_shape(), ""}}),
                        [&](const Call& call) { return verify(district, call); }));
  return out;
}

}  // namespace tenglong::server
