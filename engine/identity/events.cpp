// What happened to enterprises, and who they are since.
#include <algorithm>
#include <set>

#include "engine/identity/identity.h"
#include "engine/identity/inside/follow.h"
#include "engine/schema/credit_code.h"

namespace tenglong::identity {

namespace {

constexpr EventKind kKinds[] = {EventKind::Rename, EventKind::Recode, EventKind::Merge,
                                EventKind::Split,  EventKind::Close,  EventKind::Move};

bool before(const Event& a, const Event& b) { return a.on != b.on ? a.on < b.on : a.number < b.number; }

bool names(const std::vector<std::string>& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

// After this event the code stands for nobody, or for others.
bool ends(const Event& event, std::string_view code) {
  if (event.kind == EventKind::Rename || event.kind == EventKind::Move) return false;
  return names(event.from, code) && !names(event.to, code);
}

diagnostic::Diagnostic wrong(const char* code, text::Words message, text::Words advice) {
  return {.code = code, .message = std::move(message), .advice = std::move(advice)};
}

void check_parts(const Event& event, diagnostic::Diagnostics& out) {
  const text::Words kind = name_of(event.kind);
  const auto needs = [&](std::size_t from_least, std::size_t from_most, std::size_t to_least,
                         std::size_t to_most, const char* zh, const char* en) {
    if (event.from.size() < from_least || event.from.size() > from_most || event.to.size() < to_least ||
        event.to.size() > to_most)
      out.push_back(wrong("E-IDENTITY-101",
                          {"“" + kind.zh + "”写的企业数不对", "a " + kind.en + " names other enterprises"},
                          {zh, en}));
  };
  constexpr std::size_t kAny = 1000;
  switch (event.kind) {
    case EventKind::Rename:
    case EventKind::Move:
    case EventKind::Close:
      needs(1, 1, 0, 0, "只写这一家企业的代码。", "Name the code of the one enterprise.");
      break;
    case EventKind::Recode:
      needs(1, 1, 1, 1, "写旧代码一个、新代码一个。", "Name the old code and the new one.");
      break;
    case EventKind::Merge:
      needs(2, kAny, 1, 1, "写被合并的各家（至少两家，含存续的）和合并后的一家。",
            "Name at least two that merge (the surviving one among them) and the one that is left.");
      break;
    case EventKind::Split:
      needs(1, 1, 2, kAny, "写分立前的一家和分立后的各家（至少两家，含存续的）。",
            "Name the one that splits and at least two that are left.");
      break;
  }
  if (event.kind == EventKind::Rename || event.kind == EventKind::Move) {
    if (event.after.empty() || event.before == event.after)
      out.push_back(wrong("E-IDENTITY-102",
                          {"“" + kind.zh + "”没有写变成什么，或者与原来相同",
                           "a " + kind.en + " does not say what it became"},
                          {"写明新的名称（地方）。", "Say the new name or place."}));
  }
  std::set<std::string> seen;
  for (const auto* side : {&event.from, &event.to}) {
    seen.clear();
    for (const std::string& code : *side)
      if (!seen.insert(code).second)
        out.push_back(wrong("E-IDENTITY-103", {"代码 " + code + " 写了两次", code + " is named twice"},
                            {"删去重复的一个。", "Remove one."}));
  }
  for (const std::string& code : event.to)
    if (!schema::read_credit_code(code).is_usable() || schema::read_credit_code(code).code != code)
      out.push_back(
          wrong("E-IDENTITY-104", {"“" + code + "”不是统一社会信用代码", "“" + code + "” is no credit code"},
                {"变更以后的企业要写 18 位统一社会信用代码；旧注册号只能写在变更以前一边。",
                 "Give the 18 characters; old registration numbers stand only on the side before."}));
}

}  // namespace

const char* to_code(EventKind kind) {
  switch (kind) {
    case EventKind::Rename:
      return "rename";
    case EventKind::Recode:
      return "recode";
    case EventKind::Merge:
      return "merge";
    case EventKind::Split:
      return "split";
    case EventKind::Close:
      return "close";
    case EventKind::Move:
      return "move";
  }
  return "";
}

text::Words name_of(EventKind kind) {
  switch (kind) {
    case EventKind::Rename:
      return {"更名", "renaming"};
    case EventKind::Recode:
      return {"换码", "change of code"};
    case EventKind::Merge:
      return {"合并", "merger"};
    case EventKind::Split:
      return {"分立", "split"};
    case EventKind::Close:
      return {"注销", "closing"};
    case EventKind::Move:
      return {"迁移", "move"};
  }
  return {};
}

std::optional<EventKind> event_kind_of(std::string_view written) {
  for (const EventKind kind : kKinds)
    if (written == to_code(kind) || written == name_of(kind).zh) return kind;
  return std::nullopt;
}

diagnostic::Diagnostics check(const Event& event, const std::vector<Event>& known) {
  diagnostic::Diagnostics out;
  check_parts(event, out);
  for (const std::string& code : event.from)
    for (const Event& other : known)
      if (ends(other, code) && other.on <= event.on)
        out.push_back(wrong(
            "E-IDENTITY-105",
            {code + " 已在 " + other.on.to_string() + " " + name_of(other.kind).zh + "，其后（" +
                 event.on.to_string() + "）不能再" + name_of(event.kind).zh,
             code + " had ended on " + other.on.to_string()},
            {"核对日期，或改写它的继承者的代码。", "Check the day, or name the one that followed it."}));
  // Nobody follows itself: from each code after the event, going on, no code before it may be reached.
  std::vector<Event> all = known;
  all.push_back(event);
  std::vector<std::string> open = event.to;
  std::set<std::string> seen(open.begin(), open.end());
  while (!open.empty()) {
    const std::string code = open.back();
    open.pop_back();
    for (const Event& other : known) {
      if (!ends(other, code)) continue;
      for (const std::string& next : other.to) {
        if (names(event.from, next) && ends(event, next)) {
          out.push_back(
              wrong("E-IDENTITY-106",
                    {next + " 经 " + code + " 又变回自己", next + " would follow itself through " + code},
                    {"核对先后：一个代码不能是自己的继承者。",
                     "Check the order: a code cannot be its own successor."}));
          return out;
        }
        if (seen.insert(next).second) open.push_back(next);
      }
    }
  }
  return out;
}

void put_in_order(std::vector<Event>& events) { std::stable_sort(events.begin(), events.end(), before); }

Succession follow(std::string_view code, Date on, std::span<const Event> ordered) {
  Succession out{.codes = {std::string(code)}};
  for (const Event& event : ordered) {
    if (on < event.on) break;
    if (std::none_of(event.from.begin(), event.from.end(),
                     [&](const std::string& each) { return names(out.codes, each); }))
      continue;
    out.followed.push_back(event);
    if (event.kind == EventKind::Rename || event.kind == EventKind::Move) continue;
    std::vector<std::string> next;
    for (const std::string& each : out.codes) {
      const std::vector<std::string> become =
          names(event.from, each) ? event.to : std::vector<std::string>{each};
      for (const std::string& to : become)
        if (!names(next, to)) next.push_back(to);
    }
    out.codes = std::move(next);
  }
  std::sort(out.codes.begin(), out.codes.end());
  return out;
}

Succession successor_of(std::string_view code, Date on, const std::vector<Event>& events) {
  std::vector<Event> ordered = events;
  put_in_order(ordered);
  return follow(code, on, ordered);
}

std::vector<Name> names_of(std::string_view code, std::string_view present,
                           const std::vector<Event>& events) {
  std::vector<Event> renamings;
  for (const Event& event : events)
    if (event.kind == EventKind::Rename && names(event.from, code)) renamings.push_back(event);
  std::stable_sort(renamings.begin(), renamings.end(), before);
  std::vector<Name> out;
  for (const Event& event : renamings) {
    // What was told of the name before, if the renaming before did not say the same.
    if (!event.before.empty() && (out.empty() || out.back().name != event.before)) {
      if (!out.empty() && !out.back().until) out.back().until = event.on;
      out.push_back({.name = event.before});
    }
    if (!out.empty()) out.back().until = event.on;
    out.push_back({.name = event.after, .from = event.on});
  }
  if (!present.empty() && (out.empty() || out.back().name != present)) {
    out.push_back({.name = std::string(present)});
  }
  return out;
}

}  // namespace tenglong::identity
