#include "server/uploads.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "engine/text/text.h"
#include "server/passwords.h"

namespace tenglong::server {

namespace fs = std::filesystem;

namespace {

// Writes wholly and waits for the disk.
void write_at(const std::string& path, std::int64_t at, std::string_view bytes) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) throw std::runtime_error(path + ": cannot be opened");
  bool done = true;
  while (!bytes.empty() && done) {
    const ssize_t size = pwrite(file, bytes.data(), bytes.size(), at);
    done = size > 0;
    if (!done) break;
    at += size;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  done = done && fdatasync(file) == 0;
  close(file);
  if (!done) throw std::runtime_error(path + ": cannot be written");
}

// A name that is one: no folders, no dots in front, not too long for a file.
std::string file_name(const std::string& given) {
  std::string out;
  for (std::size_t at = 0; at < given.size() && out.size() < 180;) {
    const char32_t point = text::next_code_point(given, at);
    const bool is_plain = point >= 0x20 && point != 0x7f && point != '/' && point != '\\' && point != ':' &&
                          !(point >= 0x202A && point <= 0x202E) && !(point >= 0x2066 && point <= 0x2069);
    if (is_plain && !(out.empty() && point == '.')) text::append_code_point(out, point);
  }
  return out.empty() ? "file" : out;
}

bool is_id(std::string_view id) {
  return id.size() == 24 && std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

ContentRange content_range_of(std::string_view written) {
  ContentRange out;
  if (written.rfind("bytes ", 0) != 0) return out;
  std::int64_t* const parts[] = {&out.from, &out.to, &out.size};
  std::size_t at = 6;
  for (int part = 0; part < 3; ++part) {
    std::int64_t value = 0;
    const std::size_t begin = at;
    while (at < written.size() && written[at] >= '0' && written[at] <= '9' && at - begin < 15)
      value = value * 10 + (written[at++] - '0');
    if (at == begin || (part < 2 && (at >= written.size() || written[at] != (part == 0 ? '-' : '/'))))
      return {};
    *parts[part] = value;
    ++at;
  }
  return at == written.size() + 1 ? out : ContentRange{};
}

Uploads::Uploads(std::string folder) : folder_(std::move(folder)) { fs::create_directories(folder_); }

std::string Uploads::path(const Upload& upload) const {
  return folder_ + "/" + upload.id + "/" + upload.name;
}

void Uploads::keep(const Upload& upload) const {
  const std::string path = folder_ + "/" + upload.id + ".upload", next = path + ".next";
  const std::string text = upload.name + "\n" + upload.account + "\n" + std::to_string(upload.size) + "\n" +
                           std::to_string(upload.received) + "\n";
  std::error_code ignored;
  fs::remove(next, ignored);
  write_at(next, 0, text);
  fs::rename(next, path);
}

Upload Uploads::begin(const std::string& account, const std::string& name, std::int64_t size) {
  Upload out{.id = hash_of_token(random_token()).substr(0, 24),
             .name = file_name(name),
             .account = account,
             .size = size};
  fs::create_directories(folder_ + "/" + out.id);
  const std::lock_guard lock(mutex_);
  keep(out);
  return out;
}

std::optional<Upload> Uploads::find(const std::string& account, const std::string& id) const {
  if (!is_id(id)) return std::nullopt;
  std::ifstream in(folder_ + "/" + id + ".upload");
  Upload out{.id = id};
  std::string size, received;
  if (!std::getline(in, out.name) || !std::getline(in, out.account) || !std::getline(in, size) ||
      !std::getline(in, received))
    return std::nullopt;
  std::from_chars(size.data(), size.data() + size.size(), out.size);
  std::from_chars(received.data(), received.data() + received.size(), out.received);
  return out.account == account ? std::optional(out) : std::nullopt;
}

std::optional<Upload> Uploads::put(const Upload& upload, std::int64_t from, std::string_view piece) {
  const std::lock_guard lock(mutex_);
  auto now = find(upload.account, upload.id);
  if (!now) return std::nullopt;
  const std::int64_t to = from + static_cast<std::int64_t>(piece.size());
  if (from < 0 || from > now->received || to > now->size) return std::nullopt;
  write_at(path(*now), from, piece);
  if (to > now->received) {
    now->received = to;
    keep(*now);
  }
  return now;
}

void Uploads::remove(const Upload& upload) {
  if (!is_id(upload.id)) return;
  const std::lock_guard lock(mutex_);
  std::error_code ignored;
  fs::remove(folder_ + "/" + upload.id + ".upload", ignored);
  fs::remove_all(folder_ + "/" + upload.id, ignored);
}

void Uploads::remove_older_than(std::int64_t seconds) {
  std::error_code error;
  const auto now = fs::file_time_type::clock::now();
  std::vector<std::string> old;
  for (const auto& entry : fs::directory_iterator(folder_, error))
    if (entry.path().extension() == ".upload" &&
        now - entry.last_write_time(error) > std::chrono::seconds(seconds))
      old.push_back(entry.path().stem().string());
  for (const std::string& id : old) remove({.id = id});
}

}  // namespace tenglong::server
