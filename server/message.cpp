#include "server/message.h"

#include <algorithm>

#include "engine/text/text.h"

namespace tenglong::server {

const char* to_text(Method method) {
  constexpr const char* kNames[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OTHER"};
  return kNames[static_cast<std::size_t>(method)];
}

std::string_view Request::header(std::string_view lower_case_name) const {
  for (const Header& one : headers)
    if (one.name == lower_case_name) return one.value;
  return {};
}

std::string_view Request::cookie(std::string_view name) const {
  for (const Header& one : headers) {
    if (one.name != "cookie") continue;
    for (const std::string_view part : text::split(one.value, ';')) {
      const std::string_view pair = text::trim(part);
      if (pair.size() > name.size() && pair.substr(0, name.size()) == name && pair[name.size()] == '=')
        return pair.substr(name.size() + 1);
    }
  }
  return {};
}

bool url_decoded(std::string_view text, bool plus_is_blank, std::string& out) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  };
  bool is_ascii = true, is_plain = true;
  for (const char c : text) {
    is_ascii = is_ascii && static_cast<unsigned char>(c) < 0x80;
    is_plain = is_plain && c != '%' && !(c == '+' && plus_is_blank);
  }
  if (is_plain) {
    out.assign(text);
    return is_ascii || text::is_utf8(out);
  }
  out.clear();
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return false;
      const int high = digit(text[i + 1]), low = digit(text[i + 2]);
      if (high < 0 || low < 0) return false;
      c = static_cast<char>(high * 16 + low);
      i += 2;
      if (c == '\0') return false;
    } else if (c == '+' && plus_is_blank) {
      c = ' ';
    }
    is_ascii = is_ascii && static_cast<unsigned char>(c) < 0x80;
    out += c;
  }
  return is_ascii || text::is_utf8(out);
}

void read_target(std::string_view target, Request& into) {
  const std::size_t mark = target.find('?');
  into.is_whole =
      url_decoded(target.substr(0, mark), false, into.path) && !into.path.empty() && into.path.front() == '/';
  if (mark == std::string_view::npos) return;
  for (std::string_view rest = target.substr(mark + 1); !rest.empty();) {
    const std::size_t end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    const std::size_t equals = pair.find('=');
    std::string name, value;
    into.is_whole = url_decoded(pair.substr(0, equals), true, name) && into.is_whole;
    if (equals != std::string_view::npos)
      into.is_whole = url_decoded(pair.substr(equals + 1), true, value) && into.is_whole;
    if (!pair.empty()) into.query.emplace_back(std::move(name), std::move(value));
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  }
}

void Feed::add(std::string_view event, std::string_view data) {
  const std::lock_guard lock(mutex_);
  if (ended_) return;
  std::string wire = "id: " + std::to_string(first_ + static_cast<std::int64_t>(events_.size())) +
                     "\nevent: " + std::string(event) + "\n";
  for (const std::string_view line : text::split(data, '\n')) wire += "data: " + std::string(line) + "\n";
  events_.push_back(wire + "\n");
  while (events_.size() > most_) {
    events_.pop_front();
    ++first_;
  }
  for (const auto& watcher : watchers_) watcher.second();
}

void Feed::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  for (const auto& watcher : watchers_) watcher.second();
}

std::string Feed::take(std::int64_t& last, bool& ended) const {
  const std::lock_guard lock(mutex_);
  std::string out;
  const std::int64_t end = first_ + static_cast<std::int64_t>(events_.size());
  for (std::int64_t at = std::max(last + 1, first_); at < end; ++at)
    out += events_[static_cast<std::size_t>(at - first_)];
  last = std::max(last, end - 1);
  ended = ended_;
  return out;
}

std::int64_t Feed::watch(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  watchers_.emplace_back(next_watcher_, std::move(wake));
  return next_watcher_++;
}

void Feed::forget(std::int64_t watcher) {
  const std::lock_guard lock(mutex_);
  std::erase_if(watchers_, [&](const auto& one) { return one.first == watcher; });
}

}  // namespace tenglong::server
