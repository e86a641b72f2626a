// 稳健性: whether grades rest on the exact weights, who stands close to a line, what one point of one weight
// does.
#include <algorithm>

#include "engine/simulate/robust.h"
#include "server/api.h"
#include "server/inside/figures.h"
#include "server/inside/write.h"

namespace tenglong::server {

namespace {

using quantity::Decimal;
using text::JsonWriter;

// What one answer may draw: enterprises times vectors times weights; some seconds of one core.
constexpr std::size_t kMostDrawn = 60'000'000;
constexpr std::size_t kUsualVectors = 1000, kFewestVectors = 100, kMostFirms = 200;

std::size_t vectors_for(std::size_t rated, std::size_t items) {
  const std::size_t fit = kMostDrawn / std::max<std::size_t>(1, rated * (items + 1));
  return std::clamp(fit, kFewestVectors, kUsualVectors);
}

void write_firm(JsonWriter& out, const Edition& edition, const pack::Scheme& scheme, std::uint32_t row) {
  const view::Naming naming = edition.naming();
  out.member("code", std::string(edition.snapshot->find(scheme.of)->key[row]));
  out.member("name", naming.title(scheme.of, row));
  out.member("town", naming.town_name(naming.town(scheme.of, row)));
}

void write_share(JsonWriter& out, std::uint32_t times, std::size_t vectors) {
  write_figure(
      out,
      divide(Decimal(static_cast<std::int64_t>(times) * 100), Decimal(static_cast<std::int64_t>(vectors))),
      "%", quantity::State::Known);
}

void write_influences(JsonWriter& out, const simulate::Robustness& found) {
  out.key("influences").begin_array();
  for (const simulate::Influence& each : found.influences) {
    out.begin_object().member("indicator", each.indicator).key("weight");
    write_figure(out, each.weight, "分", quantity::State::Known);
    out.key("mean_rank_change");
    write_figure(out, each.mean_rank_change, "位", quantity::State::Known);
    out.key("share_of_movers");
    write_figure(out, each.share_of_movers, "%", quantity::State::Known);
    out.end_object();
  }
  out.end_array();
}

// Those the caller sees, the least settled first: by how often they get their most frequent grade.
void write_unsettled(JsonWriter& out, const Edition& edition, const pack::Scheme& scheme, const Seen& seen,
                     const simulate::Robustness& found) {
  std::vector<std::pair<std::uint32_t, std::size_t>> order;
  std::int64_t in_sight = 0;
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    if (!seen.row(found.rows[r])) continue;
    ++in_sight;
    std::uint32_t most = 0;
    for (std::size_t p = 0; p < found.places.size(); ++p) most = std::max(most, found.times_of(r, p));
    if (most < found.vectors) order.emplace_back(most, r);
  }
  std::sort(order.begin(), order.end());
  out.member("rated", in_sight).member("unsettled", static_cast<std::int64_t>(order.size()));
  std::vector<std::size_t> used;  // places that anybody gets
  for (std::size_t p = 0; p < found.places.size(); ++p)
    for (std::size_t r = 0; r < found.rows.size(); ++r)
      if (found.times_of(r, p) > 0) {
        used.push_back(p);
        break;
      }
  out.key("places").begin_array();
  for (const std::size_t p : used) out.string(found.places[p]);
  out.end_array().key("firms").begin_array();
  if (order.size() > kMostFirms) order.resize(kMostFirms);
  for (const auto& [most, r] : order) {
    out.begin_object();
    write_firm(out, edition, scheme, found.rows[r]);
    const result::SchemeResult* ran = edition.result->scheme(scheme.name);
    const result::Outcome* outcome =
        ran == nullptr ? nullptr : ran->find(edition.snapshot->find(scheme.of)->key[found.rows[r]]);
    out.member("grade", outcome == nullptr ? "" : outcome->grade).key("shares").begin_array();
    for (const std::size_t p : used) write_share(out, found.times_of(r, p), found.vectors);
    out.end_array().end_object();
  }
  out.end_array();
}

void write_lines(JsonWriter& out, const Edition& edition, const pack::Scheme& scheme, const Seen& seen,
                 const std::vector<simulate::NearLine>& lines) {
  const auto side = [&](const std::vector<std::uint32_t>& rows) {
    std::int64_t count = 0;
    out.begin_array();
    for (const std::uint32_t row : rows)
      if (seen.row(row) && ++count <= static_cast<std::int64_t>(kMostFirms)) {
        out.begin_object();
        write_firm(out, edition, scheme, row);
        out.end_object();
      }
    out.end_array();
    return count;
  };
  const result::SchemeResult* ran = edition.result->scheme(scheme.name);
  const auto group = [&](std::int32_t at) {
    return ran == nullptr || at < 0 || ran->groups.size() < 2 ? std::string()
                                                              : ran->groups[static_cast<std::size_t>(at)];
  };
  out.key("lines").begin_array();
  for (const simulate::NearLine& each : lines) {
    out.begin_object().member("grade", each.grade).member("group", group(each.group)).key("line");
    write_figure(out, each.line, "分", quantity::State::Known);
    out.key("above");
    const std::int64_t above = side(each.above);
    out.key("below");
    const std::int64_t below = side(each.below);
    out.member("above_count", above).member("below_count", below).end_object();
  }
  out.end_array();
}

Answer robustness(District& district, const Call& call) {
  Asked asked = asked_edition(district, call);
  if (asked.refused) return *asked.refused;
  const auto held = what_if_edition(asked.edition);
  const Edition& edition = *held;
  const pack::Scheme* scheme = edition.pack->scheme(call.path.at("scheme"));
  const result::SchemeResult* ran = scheme == nullptr ? nullptr : edition.result->scheme(scheme->name);
  if (ran == nullptr) return not_there();
  const std::size_t at = static_cast<std::size_t>(scheme - edition.pack->schemes.data());
  const simulate::Resident& resident = resident_of(edition);
  const simulate::RobustnessRead read = simulate::robustness(
      resident, at, vectors_for(static_cast<std::size_t>(ran->balance.rated), scheme->items.size()), 1,
      std::max(1, district.options().threads));
  const Seen seen = movers_seen(district, edition, call.caller, *scheme);
  JsonWriter out;
  out.begin_object().member("scheme", scheme->id).member("name", scheme->name);
  out.member("vectors", static_cast<std::int64_t>(read.robustness ? read.robustness->vectors : 0));
  out.member("vectors_each", static_cast<std::int64_t>(read.robustness ? read.robustness->vectors_each : 0));
  out.key("why_not").begin_array();
  for (const diagnostic::Diagnostic& each : read.diagnostics)
    write_words(out, {each.message.zh + each.advice.zh, each.message.en + " " + each.advice.en});
  out.end_array();
  if (read.robustness) {
    out.key("mean_rank_change");
    write_figure(out, read.robustness->mean_rank_change, "位", quantity::State::Known);
    out.key("share_of_movers");
    write_figure(out, read.robustness->share_of_movers, "%", quantity::State::Known);
    write_influences(out, *read.robustness);
    write_unsettled(out, edition, *scheme, seen, *read.robustness);
  }
  if (const auto margin = simulate::declared(*edition.pack, simulate::kNear, *edition.period)) {
    out.key("margin");
    write_figure(out, *margin, "分", quantity::State::Known);
    write_lines(out, edition, *scheme, seen, simulate::near_lines(resident, at, *margin));
  }
  out.key("points").begin_array();
  for (const simulate::PointMove& each : simulate::point_moves(resident, at))
    out.begin_object()
        .member("indicator", each.indicator)
        .member("points", each.points)
        .member("movers", each.movers)
        .member("up", each.up)
        .member("down", each.down)
        .end_object();
  out.end_array().end_object();
  return tagged(out);
}

}  // namespace

std::vector<Route> robustness_routes(District& district) {
  const std::vector<Member> named = {
      {"code", Shape::text(), ""}, {"name", Shape::text(), ""}, {"town", Shape::text(), ""}};
  std::vector<Member> unsettled = named;
  unsettled.push_back({"grade", Shape::text(), "in force"});
  unsettled.push_back({"shares", Shape::list(figure_shape()), "of the vectors, as places"});
  const Shape firm = Shape::object("CloseFirm", named);
  const Shape influence = Shape::object("Influence", {{"indicator", Shape::text(), ""},
                                                      {"weight", figure_shape(), ""},
                                                      {"mean_rank_change", figure_shape(), ""},
                                                      {"share_of_movers", figure_shape(), ""}});
  const Shape line = Shape::object("CloseLine", {{"grade", Shape::text(), "that begins at it"},
                                                 {"group", Shape::text(), "empty: ranked as one"},
                                                 {"line", figure_shape(), "the total at which it lies"},
                                                 {"above", Shape::list(firm), "those in sight, 200 at most"},
                                                 {"below", Shape::list(firm), ""},
                                                 {"above_count", Shape::count(), "in sight"},
                                                 {"below_count", Shape::count(), ""}});
  const Shape point =
      Shape::object("PointMove", {{"indicator", Shape::text(), ""},
                                  {"points", Shape::integer(-1, 1), "1 or -1; the others stay"},
                                  {"movers", Shape::count(), ""},
                                  {"up", Shape::count(), ""},
                                  {"down", Shape::count(), ""}});
  const auto optional = Presence::Optional;
  return {
      reading("/api/results/schemes/{scheme}/robustness", "get_robustness",
              Summary("稳健性：权重随机变动时的档次", "Robustness: grades under weights drawn at random"),
              access::Operation::TryScheme, {in_path("scheme", "id"), period_parameter()},
              Shape::object(
                  "SchemeRobustness",
                  {{"scheme", Shape::text(), ""},
                   {"name", Shape::text(), ""},
                   {"vectors", Shape::count(), "drawn of all weights; 0: why_not says why"},
                   {"vectors_each", Shape::count(), "drawn of each weight alone"},
                   {"why_not", Shape::list(words_shape()), ""},
                   {"mean_rank_change", figure_shape(), "", optional},
                   {"share_of_movers", figure_shape(), "", optional},
                   {"influences", Shape::list(influence), "as the items of the scheme", optional},
                   {"rated", Shape::count(), "in sight", optional},
                   {"unsettled", Shape::count(), "of these with more than one grade", optional},
                   {"places", Shape::list(Shape::text()), "grades that anybody gets, then none", optional},
                   {"firms", Shape::list(Shape::object("UnsettledFirm", unsettled)), "200 at most", optional},
                   {"margin", figure_shape(), "how close counts as close", optional},
                   {"lines", Shape::list(line), "", optional},
                   {"points", Shape::list(point), "one weight, one point"}}),
              [&](const Call& call) { return robustness(district, call); })};
}

}  // namespace tenglong::server
