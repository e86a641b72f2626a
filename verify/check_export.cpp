#include <algorithm>
#include <iterator>

#include "verify/bytes.h"
#include "verify/verify.h"

namespace tenglong_verify {

namespace {

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> out;
  while (!line.empty()) {
    const std::size_t end = line.find(' ');
    out.push_back(line.substr(0, end));
    line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  }
  return out;
}
std::optional<std::int64_t> number(std::string_view text) {
  if (text.empty() || text.size() > 18) return std::nullopt;
  std::int64_t out = 0;
  for (const char each : text) {
    if (each < '0' || each > '9') return std::nullopt;
    out = out * 10 + (each - '0');
  }
  if (std::to_string(out) != text) return std::nullopt;
  return out;
}

}  // namespace

Report check_export(std::string_view bytes, const std::optional<std::string>& trusted_key,
                    const std::optional<std::string>& earlier) {
  Report out;
  const auto tell = [&](std::string place, std::string zh, std::string en) {
    out.findings.push_back({std::move(place), std::move(zh), std::move(en)});
  };
  std::optional<Head> earlier_head;
  if (earlier) {
    const auto words = words_of(std::string_view(*earlier).substr(0, earlier->find('\n')));
    const auto raw = words.size() >= 2 && words[0] == "head" ? unhex(words[1]) : std::nullopt;
    earlier_head = raw ? read_head(*raw) : std::nullopt;
    if (!earlier_head)
      tell("earlier head", "以前保存的 head 读不懂。", "The head kept from before is not readable.");
  }
  std::optional<std::int64_t> from, to;
  std::string area, head_raw, signature, key;
  Tree tree;
  std::vector<Tree::Peak> peaks;
  bool has_begun = false, has_ended = false, is_earlier_seen = false;
  const auto compare_earlier = [&] {
    if (!earlier_head || tree.size() != earlier_head->size) return;
    is_earlier_seen = true;
    if (tree.root() != earlier_head->root)
      tell("event 1.." + std::to_string(earlier_head->size),
           "这一段与以前保存的 head 不符：以前的留痕被改过。",
           "This range does not agree with the head kept from before: the past was changed.");
  };
  // Lines stand in this order, each kind together, so that one content has one form.
  constexpr std::string_view kOrder[] = {"area", "from",      "to",  "peak", "event",
                                         "head", "signature", "key", "end"};
  constexpr std::size_t kPeak = 3, kEvent = 4;
  std::size_t step = 0;  // the first that may come
  std::size_t at = 0, line_number = 0;
  while (at < bytes.size()) {
    const std::size_t end = bytes.find('\n', at);
    const std::string_view line = bytes.substr(at, end == std::string_view::npos ? end : end - at);
    at = end == std::string_view::npos ? bytes.size() : end + 1;
    ++line_number;
    const std::string place = "line " + std::to_string(line_number);
    const auto words = words_of(line);
    if (line_number == 1) {
      if (line != "TENGLONG-TRAIL 1") {
        tell(place, "不是留痕导出文件。", "This is no export of a trail.");
        return out;
      }
      continue;
    }
    const auto kind = static_cast<std::size_t>(
        std::find(std::begin(kOrder), std::end(kOrder), words.empty() ? std::string_view() : words[0]) -
        std::begin(kOrder));
    const bool may_repeat = kind == kPeak || kind == kEvent;
    if (has_ended || kind < step) {
      tell(place, "这一行的位置不对，或写了两次。", "This line is out of place, or stands twice.");
      return out;
    }
    step = may_repeat ? kind : kind + 1;
    if (words.size() == 2 && words[0] == "area") {
      const auto raw = unhex(words[1]);
      if (!raw) tell(place, "区划读不懂。", "The area is not readable.");
      area = raw.value_or("");
    } else if (words.size() == 2 && words[0] == "from") {
      from = number(words[1]);
    } else if (words.size() == 2 && words[0] == "to") {
      to = number(words[1]);
    } else if (words.size() == 4 && words[0] == "peak" && !has_begun) {
      const auto level = number(words[1]);
      const auto index = number(words[2]);
      const auto raw = unhex(words[3]);
      std::int64_t before = 0;
      for (const Tree::Peak& each : peaks) before += std::int64_t{1} << each.level;
      if (!level || *level > 62 || !index || *index != before >> *level || !raw || raw->size() != 32) {
        tell(place, "子树的根读不懂。", "The root of a subtree is not readable.");
        continue;
      }
      Tree::Peak peak{static_cast<int>(*level), {}};
      for (std::size_t i = 0; i < 32; ++i) peak.hash[i] = static_cast<unsigned char>((*raw)[i]);
      peaks.push_back(peak);
    } else if (words.size() == 3 && words[0] == "event") {
      if (!has_begun) {
        has_begun = true;
        std::int64_t before = 0;
        for (const Tree::Peak& each : peaks) before += std::int64_t{1} << each.level;
        if (!from || before != *from - 1)
          tell(place, "前面的子树与起始号不符。", "The subtrees before do not fit the first number.");
        tree.begin_with(peaks, before);
        compare_earlier();
      }
      const std::int64_t expected = tree.size() + 1;
      const std::string event_place = "event " + std::to_string(expected);
      const auto raw = unhex(words[2]);
      std::size_t broken_at = 0;
      const auto event = raw ? read_event(*raw, broken_at) : std::nullopt;
      if (!event) {
        tell(event_place, "内容在第 " + std::to_string(broken_at) + " 字节处不合规定。",
             "Its content breaks the form at byte " + std::to_string(broken_at) + ".");
      } else {
        if (event->number != expected || number(words[1]) != expected)
          tell(event_place,
               "这里应是第 " + std::to_string(expected) + " 条，写的是第 " + std::to_string(event->number) +
                   " 条：缺、多或换了次序。",
               "This should be event " + std::to_string(expected) + " and says " +
                   std::to_string(event->number) + ": one is missing, added or moved.");
        if (event->area() != area)
          tell(event_place, "区划与文件所说的不同。", "The area differs from the file's.");
      }
      tree.add(leaf_of(raw.value_or("")));
      ++out.events;
      compare_earlier();
    } else if (words.size() == 2 && words[0] == "head") {
      head_raw = unhex(words[1]).value_or("");
    } else if (words.size() == 2 && words[0] == "signature") {
      signature = unhex(words[1]).value_or("");
    } else if (words.size() == 2 && words[0] == "key") {
      key = unhex(words[1]).value_or("");
    } else if (line == "end") {
      has_ended = true;
    } else {
      tell(place, "这一行不认识。", "This line is not known.");
    }
  }
  if (!has_begun && from) {
    tree.begin_with(peaks, *from - 1);
    compare_earlier();
  }
  out.root = hex(tree.root());
  if (!has_ended) tell("end", "文件没有写完。", "The file is cut off.");
  const auto head = read_head(head_raw);
  if (!head) {
    tell("head", "没有可读的 head。", "There is no readable head.");
    return out;
  }
  ++out.heads;
  const std::string head_place = "head " + std::to_string(head->size);
  if (to != head->size || tree.size() != head->size)
    tell(head_place,
         "head 说有 " + std::to_string(head->size) + " 条，文件里到第 " + std::to_string(tree.size()) +
             " 条。",
         "The head speaks of " + std::to_string(head->size) + " events, the file goes to " +
             std::to_string(tree.size()) + ".");
  else if (tree.root() != head->root)
    tell("event " + std::to_string(from.value_or(1)) + ".." + std::to_string(head->size),
         "这些留痕算出的根与签过名的根不符：其中有改动。",
         "The root of these events is not the one that was signed: something among them was changed.");
  if (head->area != area) tell(head_place, "head 的区划不同。", "The head is of another area.");
  if (trusted_key ? key != *trusted_key : !is_canonical_key(key))
    tell("key", "文件里的公钥不是所信的那一把，或不是原样。",
         "The key in the file is not the trusted one, or not as it was written.");
  const std::string& believed = trusted_key ? *trusted_key : key;
  if (key_id_of(believed) != head->key_id)
    tell(head_place, "签名的钥匙不是所信的那一把。", "The signing key is not the trusted one.");
  if (!is_signed(head_raw, signature, believed))
    tell(head_place, "签名不成立。", "The signature does not hold.");
  if (earlier_head && !is_earlier_seen)
    tell("earlier head",
         "文件的范围不含以前那个 head 的位置（第 " + std::to_string(earlier_head->size) + " 条），没法比。",
         "The file does not reach the place of the head kept from before (event " +
             std::to_string(earlier_head->size) + ").");
  return out;
}

}  // namespace tenglong_verify
