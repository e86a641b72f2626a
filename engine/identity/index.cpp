// Candidates by index: whole names, cores, cores with one character left out, pairs of characters, codes.
#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "engine/identity/identity.h"
#include "engine/identity/inside/core_finder.h"
#include "engine/identity/inside/follow.h"
#include "engine/schema/credit_code.h"
#include "engine/text/ensure.h"

namespace tenglong::identity {

namespace {

using Pair = std::uint64_t;  // two neighbouring characters

std::vector<Pair> pairs_of(std::u32string_view core) {
  std::vector<Pair> out;
  for (std::size_t i = 0; i + 1 < core.size(); ++i)
    out.push_back((static_cast<Pair>(core[i]) << 32) | static_cast<Pair>(core[i + 1]));
  std::sort(out.begin(), out.end());
  return out;
}

// FNV-1a over the core with one character left out: only finds what may be near; the cores are compared then.
std::uint64_t hash_without(std::u32string_view core, std::size_t left_out) {
  std::uint64_t hash = 1469598103934665603U;
  for (std::size_t i = 0; i < core.size(); ++i)
    if (i != left_out) hash = (hash ^ core[i]) * 1099511628211U;
  return hash;
}

// FNV-1a again, of names and codes.
std::uint64_t hash_of(std::string_view bytes) {
  std::uint64_t hash = 1469598103934665603U;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return hash;
}

// One character more, less or other, or two neighbours changed places.
bool is_one_apart(std::u32string_view a, std::u32string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1 || a == b) return false;
  std::size_t same = 0;
  while (same < a.size() && a[same] == b[same]) ++same;
  if (a.size() != b.size()) return a.substr(same) == b.substr(same + 1);
  if (a.substr(same + 1) == b.substr(same + 1)) return true;
  return same + 1 < a.size() && a[same] == b[same + 1] && a[same + 1] == b[same] &&
         a.substr(same + 2) == b.substr(same + 2);
}

// How many hundredths of the pairs of two names agree.
int agreement(const std::vector<Pair>& a, const std::vector<Pair>& b) {
  std::size_t common = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j]) ++common;
    const bool step_a = a[i] <= b[j], step_b = b[j] <= a[i];
    i += step_a ? 1 : 0;
    j += step_b ? 1 : 0;
  }
  const std::size_t all = a.size() + b.size();
  return all == 0 ? 0 : static_cast<int>(200 * common / all);
}

std::string bytes_of(std::u32string_view core) {
  std::string out;
  for (const char32_t c : core) text::append_code_point(out, c);
  return out;
}

template <typename Key, typename Value>
struct Postings {
  std::vector<std::pair<Key, Value>> all;
  void sort() { std::sort(all.begin(), all.end()); }
  auto of(const Key& key) const {
    return std::equal_range(all.begin(), all.end(), std::pair<Key, Value>{key, {}},
                            [](const auto& a, const auto& b) { return a.first < b.first; });
  }
};

// A pair of characters that this many names have tells nothing apart.
constexpr std::ptrdiff_t kCommonPair = 5000;
constexpr int kAlike = 50;

}  // namespace

struct Index::Inside {
  // A name of an enterprise, the present one or a former one.
  struct Written {
    std::uint32_t enterprise = 0;
    std::int32_t former = -1;  // index into Enterprise::former; -1: the present name
    std::uint32_t core_begin = 0, core_size = 0;
    bool is_former() const { return former >= 0; }
  };
  std::vector<Enterprise> enterprises;  // by code
  NameRules rules;
  CoreFinder core_finder{rules};
  std::vector<Event> events;  // in order
  std::multimap<std::string, Decision> decisions;
  std::vector<Written> written;
  std::u32string cores;  // of all that is written, one behind the other
  // By hashes, 16 bytes each: what they find is compared before it is believed.
  Postings<std::uint64_t, std::uint32_t> by_name, by_code, by_organisation;
  Postings<std::uint64_t, std::uint32_t> without_one;  // the core itself too, with nothing left out
  Postings<Pair, std::uint32_t> by_pair;

  int score(Likeness kind) const { return rules.scores[static_cast<std::size_t>(kind)]; }
  void write(std::uint32_t enterprise, const std::string& name, std::int32_t former);
  std::u32string_view core(const Written& one) const {
    return std::u32string_view(cores).substr(one.core_begin, one.core_size);
  }
  const std::string& name(const Written& one) const {
    const Enterprise& each = enterprises[one.enterprise];
    return one.is_former() ? each.former[static_cast<std::size_t>(one.former)] : each.name;
  }
  // The writings that may have kAlike of these pairs in common, by number.
  std::vector<std::uint32_t> met_by(const std::vector<Pair>& pairs) const;
  std::optional<std::uint32_t> number_of(std::string_view code) const {
    const auto [at, end] = by_code.of(hash_of(code));
    for (auto one = at; one != end; ++one)
      if (enterprises[one->second].code == code) return one->second;
    return std::nullopt;
  }
  // The first enterprise with these nine characters in its code.
  std::optional<std::uint32_t> of_organisation(std::string_view nine) const {
    const auto [at, end] = by_organisation.of(hash_of(nine));
    for (auto one = at; one != end; ++one)
      if (enterprises[one->second].code.compare(8, 9, nine) == 0) return one->second;
    return std::nullopt;
  }
};

void Index::Inside::write(std::uint32_t enterprise, const std::string& name, std::int32_t former) {
  if (name.empty()) return;
  const auto number = static_cast<std::uint32_t>(written.size());
  const std::u32string own = core_finder.of(name);
  by_name.all.emplace_back(hash_of(key_of(name, "")), number);
  for (std::size_t i = 0; i <= own.size(); ++i) without_one.all.emplace_back(hash_without(own, i), number);
  for (const Pair pair : pairs_of(own)) by_pair.all.emplace_back(pair, number);
  written.push_back(
      {enterprise, former, static_cast<std::uint32_t>(cores.size()), static_cast<std::uint32_t>(own.size())});
  cores += own;
}

// Counts in how many pairs each writing agrees, and passes over those that could not reach kAlike even if all
// the pairs that are too common to be looked up agreed as well.
std::vector<std::uint32_t> Index::Inside::met_by(const std::vector<Pair>& pairs) const {
  std::vector<std::uint8_t> count(written.size());
  std::vector<std::uint32_t> met;
  std::size_t not_looked_up = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto [at, end] = by_pair.of(pairs[i]);
    if (end - at > kCommonPair) {
      ++not_looked_up;
      continue;
    }
    if (i > 0 && pairs[i] == pairs[i - 1]) continue;
    for (auto one = at; one != end; ++one) {
      std::uint8_t& seen = count[one->second];
      if (seen == 0) met.push_back(one->second);
      if (seen < UINT8_MAX) ++seen;
    }
  }
  std::erase_if(met, [&](std::uint32_t number) {
    const std::size_t most = count[number] == UINT8_MAX ? pairs.size() : count[number] + not_looked_up;
    const std::size_t size = written[number].core_size;
    return 200 * most < static_cast<std::size_t>(kAlike) * (pairs.size() + (size == 0 ? 0 : size - 1));
  });
  std::sort(met.begin(), met.end());
  return met;
}

namespace {

// The grounds found so far, by enterprise; of several that say the same thing about name or code the best.
class Grounds {
 public:
  explicit Grounds(const NameRules& rules) : rules_(rules) {}

  struct Found {
    Candidate::Ground ground;
    int score = 0;
  };
  struct Case {
    std::optional<Found> name, code;
    std::vector<Found> near;
  };
  void name(std::uint32_t enterprise, Likeness kind, text::Words words, int hundredths = 100) {
    offer(cases_[enterprise].name, kind, std::move(words), hundredths);
  }
  void code(std::uint32_t enterprise, Likeness kind, text::Words words) {
    offer(cases_[enterprise].code, kind, std::move(words), 100);
  }
  std::map<std::uint32_t, Case>& cases() { return cases_; }

  int score(Likeness kind) const { return rules_.scores[static_cast<std::size_t>(kind)]; }

 private:
  void offer(std::optional<Found>& held, Likeness kind, text::Words words, int hundredths) {
    const int score_of_it = score(kind) * hundredths / 100;
    if (score_of_it > 0 && (!held || held->score < score_of_it))
      held = Found{{kind, std::move(words)}, score_of_it};
  }
  const NameRules& rules_;
  std::map<std::uint32_t, Case> cases_;
};

}  // namespace

Index::Index(std::vector<Enterprise> enterprises, NameRules rules, std::vector<Event> events,
             std::vector<Decision> decisions)
    : inside_(std::make_unique<Inside>()) {
  Inside& in = *inside_;
  in.rules = std::move(rules);
  in.core_finder = CoreFinder(in.rules);
  in.events = std::move(events);
  put_in_order(in.events);
  for (Decision& decision : decisions) {
    std::string key = key_of(decision);
    in.decisions.emplace(std::move(key), std::move(decision));
  }
  std::sort(enterprises.begin(), enterprises.end(),
            [](const Enterprise& a, const Enterprise& b) { return a.code < b.code; });
  in.enterprises = std::move(enterprises);
  for (std::uint32_t i = 0; i < in.enterprises.size(); ++i) {
    const Enterprise& each = in.enterprises[i];
    in.by_code.all.emplace_back(hash_of(each.code), i);
    if (each.code.size() == 18)
      in.by_organisation.all.emplace_back(hash_of(std::string_view(each.code).substr(8, 9)), i);
    in.write(i, each.name, -1);
    for (std::size_t f = 0; f < each.former.size(); ++f)
      in.write(i, each.former[f], static_cast<std::int32_t>(f));
  }
  in.by_name.sort();
  in.by_code.sort();
  in.by_organisation.sort();
  in.without_one.sort();
  in.by_pair.sort();
}
Index::~Index() = default;
Index::Index(Index&&) noexcept = default;
Index& Index::operator=(Index&&) noexcept = default;
std::size_t Index::size() const { return inside_->enterprises.size(); }
const NameRules& Index::rules() const { return inside_->rules; }
const Index::Enterprise* Index::find(std::string_view code) const {
  const auto number = inside_->number_of(code);
  return number ? &inside_->enterprises[*number] : nullptr;
}

namespace {

using Find = std::function<std::optional<std::uint32_t>(const std::string&)>;

void by_code(const std::string& code, Date on, const std::vector<Event>& events, const Find& number_of,
             const Find& of_organisation, Grounds& out) {
  if (code.empty() || number_of(code)) return;
  const Succession since = follow(code, on, events);
  if (!since.followed.empty() && !since.is_itself(code))
    for (const std::string& now : since.codes)
      if (const auto number = number_of(now)) {
        const Event& last = since.followed.back();
        out.code(*number, Likeness::OldCode,
                 {"代码 " + code + " 于 " + last.on.to_string() + " " + name_of(last.kind).zh + "为 " + now,
                  code + " became " + now + " on " + last.on.to_string()});
      }
  const auto fits = [](const std::string& mended) {
    return mended.size() == 18 && schema::credit_code_check(mended.substr(0, 17)) == mended[17];
  };
  const auto try_code = [&](const std::string& mended, Likeness kind, const std::string& zh,
                            const std::string& en) {
    const auto number = number_of(mended);
    if (!number) return;
    out.code(*number, kind,
             {"代码" + zh + "后在册" + (fits(mended) ? "，校验位正确" : ""),
              en + " the code is in the register" + (fits(mended) ? " and its check character fits" : "")});
  };
  std::string tried;
  if (code.size() == 18) {
    for (std::size_t i = 0; i + 1 < code.size(); ++i) {
      if (code[i] == code[i + 1]) continue;
      tried = code;
      std::swap(tried[i], tried[i + 1]);
      try_code(tried, Likeness::CodeSwap,
               "第 " + std::to_string(i + 1) + "、" + std::to_string(i + 2) + " 位对调",
               "with characters " + std::to_string(i + 1) + " and " + std::to_string(i + 2) + " exchanged");
    }
    for (std::size_t i = 0; i < code.size(); ++i) {
      tried = code;
      for (const char c : schema::kCreditCodeAlphabet) {
        if (c == code[i]) continue;
        tried[i] = c;
        try_code(tried, Likeness::CodeCharacter,
                 "第 " + std::to_string(i + 1) + " 位由 " + code[i] + " 改为 " + c,
                 "with " + std::string(1, c) + " for character " + std::to_string(i + 1));
      }
    }
    if (const auto same = of_organisation(code.substr(8, 9)))
      out.code(
          *same, Likeness::SameOrganisation,
          {"第 9 至 17 位（组织机构代码）相同", "the organisation code, characters 9 to 17, is the same"});
  } else if (code.size() == 17) {
    for (std::size_t i = 0; i <= code.size(); ++i)
      for (const char c : schema::kCreditCodeAlphabet) {
        tried = code;
        tried.insert(i, 1, c);
        try_code(tried, Likeness::CodeCharacter, "在第 " + std::to_string(i + 1) + " 位补 " + c,
                 "with " + std::string(1, c) + " added as character " + std::to_string(i + 1));
      }
  } else if (code.size() == 19) {
    for (std::size_t i = 0; i < code.size(); ++i) {
      tried = code;
      tried.erase(i, 1);
      try_code(tried, Likeness::CodeCharacter, "去掉第 " + std::to_string(i + 1) + " 位",
               "without character " + std::to_string(i + 1));
    }
  } else if (code.size() == 9) {
    if (const auto same = of_organisation(code))
      out.code(*same, Likeness::SameOrganisation, {"是它的组织机构代码", "it is its organisation code"});
  }
}

}  // namespace

Answer Index::ask(const Query& query, Date on) const {
  const Inside& in = *inside_;
  Answer out;
  std::string code;
  for (const char c : text::ascii_upper(text::to_half_width(text::trim(query.code))))
    if (c != ' ' && c != '-' && c != '\'') code += c;

  // What was decided: the nearest writing first.
  std::set<std::string> ruled_out, same;
  for (const std::string& key :
       {key_of(query.name, query.code), key_of(query.name, ""), key_of("", query.code)}) {
    std::set<std::string> here;
    for (auto [at, end] = in.decisions.equal_range(key); at != end; ++at) {
      if (at->second.verdict == Verdict::Different)
        ruled_out.insert(at->second.enterprise);
      else
        here.insert(at->second.enterprise);
    }
    if (same.empty()) same = std::move(here);
  }
  if (same.size() == 1) {
    const Succession now = follow(*same.begin(), on, in.events);
    if (now.codes.size() == 1) {
      out.decided = now.codes[0];
      return out;
    }
  }

  Grounds grounds(in.rules);
  by_code(
      code, on, in.events, [&](const std::string& wanted) { return in.number_of(wanted); },
      [&](const std::string& nine) { return in.of_organisation(nine); }, grounds);

  if (!text::trim(query.name).empty()) {
    const std::string asked = key_of(query.name, "");
    const auto [first_name, last_name] = in.by_name.of(hash_of(asked));
    for (auto at = first_name; at != last_name; ++at) {
      const Inside::Written& one = in.written[at->second];
      if (key_of(in.name(one), "") != asked) continue;
      if (one.is_former())
        grounds.name(one.enterprise, Likeness::FormerName, {"是它的曾用名", "it is a former name"});
      else
        grounds.name(one.enterprise, Likeness::SameName, {"名称相同", "the name is the same"});
    }
    const std::u32string core = in.core_finder.of(query.name);
    const auto of_former = [](const Inside::Written& one, text::Words words) {
      if (one.is_former()) words = {"曾用名" + words.zh, "by a former name, " + words.en};
      return words;
    };
    const auto [first_core, last_core] = in.without_one.of(hash_without(core, core.size()));
    for (auto at = first_core; at != last_core; ++at) {
      const Inside::Written& one = in.written[at->second];
      if (in.core(one) == core)
        grounds.name(one.enterprise, Likeness::SameCore,
                     of_former(one, {"主名“" + bytes_of(core) + "”相同，只是地名、括号或组织形式不同",
                                     "the core of the name is the same"}));
    }
    for (std::size_t i = 0; i <= core.size() && core.size() > 1; ++i) {
      const auto [at, end] = in.without_one.of(hash_without(core, i));
      for (auto one = at; one != end; ++one) {
        const Inside::Written& other = in.written[one->second];
        if (is_one_apart(core, in.core(other)))
          grounds.name(other.enterprise, Likeness::OneCharacter,
                       of_former(other, {"主名“" + bytes_of(in.core(other)) + "”只差一字",
                                         "the core of the name is one character off"}));
      }
    }
    const std::vector<Pair> pairs = pairs_of(core);
    for (const std::uint32_t number : in.met_by(pairs)) {
      const Inside::Written& other = in.written[number];
      const int alike = agreement(pairs, pairs_of(in.core(other)));
      if (alike >= kAlike)
        grounds.name(other.enterprise, Likeness::AlikeName,
                     of_former(other, {"主名相近，相邻两字有百分之" + std::to_string(alike) + "相同",
                                       std::to_string(alike) + " % of the pairs of characters agree"}),
                     alike);
    }
  }

  for (auto& [number, found] : grounds.cases()) {
    const Enterprise& enterprise = in.enterprises[number];
    if (ruled_out.contains(enterprise.code) || (!found.name && !found.code)) continue;
    Candidate candidate{.code = enterprise.code, .name = enterprise.name};
    std::int64_t doubt = 1000000;
    const auto take = [&](Grounds::Found& ground) {
      doubt = doubt * (100 - ground.score) / 100;
      candidate.grounds.push_back(std::move(ground.ground));
    };
    if (found.code) take(*found.code);
    if (found.name) take(*found.name);
    for (std::size_t i = 0; i < query.near.size() && i < enterprise.near.size(); ++i) {
      if (query.near[i].empty() || query.near[i] != enterprise.near[i]) continue;
      const std::string field = i < in.rules.near_names.size() ? in.rules.near_names[i] : "";
      Grounds::Found ground{{Likeness::SamePlace, {field + "同为 " + query.near[i], "same " + field}},
                            grounds.score(Likeness::SamePlace)};
      if (ground.score > 0) take(ground);
    }
    candidate.score = static_cast<int>(100 - (doubt + 5000) / 10000);
    if (candidate.score < in.rules.least) continue;
    const Succession since = follow(enterprise.code, on, in.events);
    if (!since.is_itself(enterprise.code)) candidate.now = since.codes;
    out.candidates.push_back(std::move(candidate));
  }
  std::stable_sort(out.candidates.begin(), out.candidates.end(), [](const Candidate& a, const Candidate& b) {
    return a.score != b.score ? a.score > b.score : a.code < b.code;
  });
  if (out.candidates.size() > static_cast<std::size_t>(std::max(in.rules.most, 0)))
    out.candidates.resize(static_cast<std::size_t>(std::max(in.rules.most, 0)));
  return out;
}

text::Words explain(const Candidate& candidate) {
  text::Words out{candidate.name + "（" + candidate.code + "，" + std::to_string(candidate.score) + " 分）：",
                  candidate.name + " (" + candidate.code + ", " + std::to_string(candidate.score) + "): "};
  for (std::size_t i = 0; i < candidate.grounds.size(); ++i) {
    if (i > 0) out.zh += "；", out.en += "; ";
    out.zh += candidate.grounds[i].words.zh;
    out.en += candidate.grounds[i].words.en;
  }
  for (std::size_t i = 0; i < candidate.now.size(); ++i) {
    out.zh += (i == 0 ? "；现为 " : "、") + candidate.now[i];
    out.en += (i == 0 ? "; now " : ", ") + candidate.now[i];
  }
  return out;
}

Index index_of(const schema::Schema& schema, const registers::RegisterStore& store, const NameRules& rules,
               std::vector<Event> events, std::vector<Decision> decisions) {
  const schema::Register* target = schema.find(rules.register_id);
  std::vector<Index::Enterprise> enterprises;
  if (!target) return {{}, rules, std::move(events), std::move(decisions)};
  const int name_field = target->field_index(rules.name_field);
  std::vector<int> near_fields;
  for (const std::string& id : rules.near_fields) near_fields.push_back(target->field_index(id));
  registers::read_records(store, *target, {}, [&](registers::Record&& record) {
    const auto text_of = [&](int field) {
      if (field < 0) return std::string{};
      const registers::Resolved& held = record.fields[static_cast<std::size_t>(field)];
      return held.state == quantity::State::Known || held.state == quantity::State::Disputed
                 ? registers::to_text(held.value)
                 : std::string{};
    };
    Index::Enterprise one{.code = record.key, .name = text_of(name_field)};
    for (const int field : near_fields) one.near.push_back(text_of(field));
    enterprises.push_back(std::move(one));
  });
  std::map<std::string, std::set<std::string>, std::less<>> former;
  store.read(target->id, std::nullopt, [&](registers::Statement&& said) {
    for (const registers::FieldValue& value : said.values)
      if (value.field == name_field && value.state == quantity::State::Known)
        former[said.record_key].insert(registers::to_text(value.value));
  });
  for (const Event& event : events)
    if (event.kind == EventKind::Rename && !event.from.empty()) {
      former[event.from[0]].insert(event.before);
      former[event.from[0]].insert(event.after);
    }
  for (Index::Enterprise& one : enterprises)
    if (const auto names = former.find(one.code); names != former.end())
      for (const std::string& name : names->second)
        if (name != one.name && !name.empty()) one.former.push_back(name);
  return {std::move(enterprises), rules, std::move(events), std::move(decisions)};
}

}  // namespace tenglong::identity
