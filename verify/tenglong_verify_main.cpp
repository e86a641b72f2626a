// tenglong-verify FILE [--key PUBLIC.pem] [--against FILE]: see docs/trail.md.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

#include "verify/verify.h"

namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error(path + "：读不到 / cannot be read");
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// Of an export, or a file with that line alone.
std::string head_line_of(const std::string& bytes) {
  const std::size_t at = bytes.starts_with("head ") ? 0 : bytes.find("\nhead ");
  if (at == std::string::npos) throw std::runtime_error("没有 head 一行 / there is no head line");
  const std::size_t begin = at == 0 ? 0 : at + 1;
  return bytes.substr(begin, bytes.find('\n', begin) - begin);
}

}  // namespace

int main(int count, char** arguments) {
  std::string path, key, against;
  for (int i = 1; i < count; ++i) {
    const std::string each = arguments[i];
    if (each == "--key" && i + 1 < count)
      key = arguments[++i];
    else if (each == "--against" && i + 1 < count)
      against = arguments[++i];
    else if (path.empty() && !each.starts_with("--"))
      path = each;
    else
      path.clear(), i = count;
  }
  if (path.empty()) {
    std::cerr << "tenglong-verify FILE [--key PUBLIC.pem] [--against EARLIER]\n"
                 "  FILE       留痕导出文件，或数据文件夹里的 tenglong.db / an export of a trail, or "
                 "tenglong.db of a data folder\n"
                 "  --key      另行拿到的公钥 / the public key, as handed over by another way\n"
                 "  --against  以前的导出（或其 head 一行）/ an earlier export, or its head line\n";
    return 2;
  }
  try {
    std::optional<std::string> trusted, earlier;
    if (!key.empty()) trusted = bytes_of(key);
    if (!against.empty()) earlier = head_line_of(bytes_of(against));
    std::string first(16, '\0');
    std::ifstream(path, std::ios::binary).read(first.data(), 16);
    const bool is_database = first.starts_with("SQLite format 3");
    const tenglong_verify::Report report =
        is_database ? tenglong_verify::check_database(path, trusted)
                    : tenglong_verify::check_export(bytes_of(path), trusted, earlier);
    for (const tenglong_verify::Finding& each : report.findings)
      std::cout << each.place << ": " << each.zh << " / " << each.en << "\n";
    std::cout << report.events << " 条留痕 / events, " << report.heads << " 个签名 / signed heads, "
              << report.objects << " 件所涉内容 / objects; 根 / root " << report.root.substr(0, 16) << "\n"
              << (report.is_clean() ? "无改动 / nothing was changed\n" : "有改动 / something was changed\n");
    return report.is_clean() ? 0 : 1;
  } catch (const std::exception& failure) {
    std::cerr << "tenglong-verify: " << failure.what() << "\n";
    return 2;
  }
}
