// Files made to break a reader. Each is refused or read with a plain reason, within two seconds of processor
// time and 256 MiB, in a process of its own so that both can be measured.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

#include "engine/sheet/inside/made_package.h"
#include "engine/sheet/sheet.h"
#include "engine/sheet/table.h"
#include "tests/golden/golden.h"

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kIsMeasured = false;  // the sanitizer's own memory and time would be measured
#else
constexpr bool kIsMeasured = true;
#endif

namespace tenglong::sheet {
namespace {

std::string times(std::string_view piece, std::size_t count) {
  std::string out;
  out.reserve(piece.size() * count);
  for (std::size_t i = 0; i < count; ++i) out += piece;
  return out;
}
std::string numbered(std::size_t count, const std::function<std::string(std::size_t)>& each) {
  std::string out;
  for (std::size_t i = 1; i <= count; ++i) out += each(i);
  return out;
}
std::string utf16(std::string_view ascii) {
  std::string out;
  for (const char c : ascii) (out += c) += '\0';
  return out;
}
// The head of a compound file (.xls, and every encrypted .xlsx) with a stream of this name in its directory.
std::string compound(std::string_view stream) {
  return std::string("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) + std::string(504, '\0') + utf16(stream) +
         std::string(4096, '\0');
}
std::string renamed_entry(std::string package, const std::string& from, const std::string& to) {
  for (std::size_t at = package.find(from); at != std::string::npos; at = package.find(from, at + to.size()))
    package.replace(at, from.size(), to);
  return package;
}
std::string sheet_of(const std::string& rows) { return "<sheetData>" + rows + "</sheetData>"; }
const std::string kOneRow = sheet_of("<row r='1'><c r='A1' t='str'><v>企业</v></c></row>");
// Random enough not to pack away, the same every time.
std::string noise(std::size_t size) {
  std::string out(size, '\0');
  std::uint64_t state = 88172645463325252u;
  for (char& c : out) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    c = static_cast<char>('a' + state % 26);
  }
  return out;
}

struct HostileCase {
  const char* what;
  const char* file;
  std::function<std::string()> bytes;
};

const HostileCase kCases[] = {
    {"a bomb by ratio: 64 MiB of blanks", "炸弹.xlsx",
     [] { return made_workbook({.sheet = sheet_of(std::string(64 << 20, ' '))}); }},
    {"a bomb by ratio in the shared texts", "共享文字.xlsx",
     [] {
       return made_workbook(
           {.sheet = kOneRow,
            .strings = "<sst>" + times("<si><t>甲乙丙丁戊己庚辛</t></si>", 1'000'000) + "</sst>"});
     }},
    {"a text of 30 KiB that a million cells point to", "一个长文字.xlsx",
     [] {
       return made_workbook(
           {.sheet = sheet_of(
                numbered(60'000,
                         [](std::size_t i) {
                           return "<row r='" + std::to_string(i) +
                                  "'><c t='s'><v>0</v></c><c t='s'><v>0</v></c><c t='s'><v>0</v></c></row>";
                         })),
            .strings = "<sst><si><t>" + noise(30'000) + "</t></si></sst>"});
     }},
    {"ten thousand and one parts", "零件太多.xlsx",
     [] {
       Parts parts = made_parts({.sheet = kOneRow});
       for (int i = 0; i < 10'001; ++i) parts.emplace_back("x/" + std::to_string(i), "");
       return made_package(parts);
     }},
    {"a zip in a zip", "套娃.xlsx",
     [] {
       return made_package({{"里面.xlsx", made_workbook({.sheet = kOneRow})}});
     }},
    {"cut off in the middle", "截断.xlsx",
     [] {
       const std::string whole = made_workbook({.sheet = kOneRow});
       return whole.substr(0, whole.size() / 2);
     }},
    {"a flipped bit in a packed part", "坏了一位.xlsx",
     [] {
       std::string whole =
           made_workbook({.sheet = sheet_of("<row r='1'><c><v>" + noise(5000) + "</v></c></row>")});
       whole[whole.size() / 2] ^= 0x10;
       return whole;
     }},
    {"a picture under the name of a workbook", "图片.xlsx",
     [] { return "\x89PNG\r\n\x1A\n" + std::string(5000, '\1'); }},
    {"an .xls under the name of an .xlsx", "旧表.xlsx", [] { return compound("Workbook"); }},
    {"an encrypted .xlsx", "加密.xlsx", [] { return compound("EncryptedPackage"); }},
    {"an empty file", "空.xlsx", [] { return std::string(); }},
    {"1,048,576 blank rows with a format", "空行.xlsx",
     [] {
       return made_workbook({.sheet = sheet_of("<row r='1'><c r='A1' t='str'><v>企业</v></c></row>" +
                                               numbered(1'048'575, [](std::size_t i) {
                                                 return "<row r='" + std::to_string(i + 1) + "' s='1'/>";
                                               }))});
     }},
    {"16,384 columns", "一万六千列.xlsx",
     [] {
       return made_workbook({.sheet = sheet_of(numbered(20, [](std::size_t row) {
                               return "<row r='" + std::to_string(row) + "'>" +
                                      times("<c><v>1</v></c>", 16384) + "</row>";
                             }))});
     }},
    {"16,385 columns", "多一列.xlsx",
     [] {
       return made_workbook({.sheet = sheet_of("<row r='1'>" + times("<c><v>1</v></c>", 16385) + "</row>")});
     }},
    {"a sheet's name of 100 KiB", "长表名.xlsx",
     [] {
       Parts parts = made_parts({.sheet = kOneRow});
       parts[2].second = renamed_entry(parts[2].second, "税收", times("税收", 17'000));
       return made_package(parts);
     }},
    {"a cell of 100 KiB", "长文字.xlsx",
     [] {
       return made_workbook({.sheet = sheet_of("<row r='1'><c r='A1' t='str'><v>" + times("名称", 17'000) +
                                               "</v></c></row>")});
     }},
    {"a header of 100 KiB", "长表头.csv", [] { return times("企业名称", 9'000) + ",税收\n甲,1\n"; }},
    {"a merged range over everything", "合并.xlsx",
     [] {
       return made_workbook({.sheet = sheet_of(numbered(200'000,
                                                        [](std::size_t i) {
                                                          return "<row r='" + std::to_string(i) + "'><c><v>" +
                                                                 std::to_string(i) + "</v></c></row>";
                                                        })) +
                                      "<mergeCells>" + "<mergeCell ref='A1:ALK200000'/>" + "</mergeCells>"});
     }},
    {"two parts of one name", "重名.xlsx",
     [] {
       Parts parts = made_parts({.sheet = kOneRow});
       parts.emplace_back("xl/worksheets/sheet2.xml", "<worksheet/>");
       return renamed_entry(made_package(parts), "xl/worksheets/sheet2.xml", "xl/worksheets/sheet1.xml");
     }},
    {"a sheet that is the workbook itself", "自己指自己.xlsx",
     [] {
       Parts parts = made_parts({.sheet = kOneRow});
       parts[3].second = renamed_entry(parts[3].second, "worksheets/sheet1.xml", "workbook.xml");
       return made_package(parts);
     }},
    {"a path that leads out of the package", "路径.xlsx",
     [] {
       Parts parts = made_parts({.sheet = kOneRow});
       parts[3].second = renamed_entry(parts[3].second, "worksheets/sheet1.xml", "/../../../etc/passwd");
       parts.emplace_back("/etc/passwd", "root");
       return made_package(parts);
     }},
    {"entities that grow", "实体.xlsx",
     [] {
       Parts parts = made_parts({.sheet = kOneRow});
       parts.back().second = "<!DOCTYPE x [<!ENTITY a '" + std::string(1000, 'a') + "'><!ENTITY b '" +
                             times("&a;", 1000) + "'><!ENTITY c '" + times("&b;", 1000) +
                             "'>]><worksheet><sheetData><row><c><v>&c;</v></c></row></sheetData></worksheet>";
       return made_package(parts);
     }},
    {"elements a million deep", "嵌套.xlsx",
     [] { return made_workbook({.sheet = times("<a>", 1'000'000)}); }},
    {"direction marks", "方向.xlsx",
     [] {
       return made_workbook(
           {.sheet = sheet_of("<row r='1'><c t='str'><v>甲\xE2\x80\xAE\x63\x73\x76</v></c></row>")});
     }},
    {"characters beyond the BMP", "生僻字.xlsx",
     [] { return made_workbook({.sheet = sheet_of("<row r='1'><c t='str'><v>𠮷林企业</v></c></row>")}); }},
    {"NUL bytes in a text", "空字节.csv", [] { return std::string("企业,税收\n甲,\0001\n", 19); }},
    {"a quote never closed, 60 MB", "引号.csv",
     [] {
       return "企业,税收\n" + times("甲,1\n", 1000) + "\"乙,2\n" + times("丙有限公司,3.25,6789\n", 2'000'000);
     }},
    {"one line of 60 MB", "一行.csv", [] { return times("1,", 30'000'000); }},
    {"one cell of 60 MB", "一格.csv", [] { return "企业\n" + std::string(60 << 20, 'x'); }},
    {"two encodings in one file", "两种编码.csv",
     [] { return std::string("企业,税收\n甲,1\n") + "\xC6\xF3\xD2\xB5,2\n\xFF\xFF\xFF\n"; }},
    {"a web page under the name of a workbook", "网页.xls",
     [] { return "<html><table><tr><td>企业</td></tr></table></html>"; }},
};

std::string told_by(const HostileCase& one, const std::string& path) {
  std::string out;
  long rows = 0;
  class Counting final : public RowSink {
   public:
    explicit Counting(long& rows) : rows_(rows) {}
    bool row(int, std::span<const Cell>) override { return ++rows_ > 0; }
    long& rows_;
  } counting(rows);
  Opened opened = open(path, {}, one.file);
  Diagnostics told = std::move(opened.diagnostics);
  if (opened.workbook)
    for (int sheet = 0; sheet < static_cast<int>(std::min<std::size_t>(opened.workbook->sheets().size(), 3));
         ++sheet) {
      for (diagnostic::Diagnostic& found : find_table(*opened.workbook, sheet).diagnostics)
        told.push_back(std::move(found));
      for (diagnostic::Diagnostic& found : opened.workbook->read(sheet, counting, Merged::Fill))
        told.push_back(std::move(found));
    }
  out += "read " + std::to_string(rows) + " rows\n";
  for (const diagnostic::Diagnostic& found : told)
    out += found.code + " " + found.place.sheet + "!" + found.place.cell + " " + found.message.zh + " " +
           found.advice.zh + "\n";
  return out;
}

TEST(Hostile, EveryFileIsRefusedOrReadWithAPlainReason) {
  const std::string path = testing::TempDir() + "hostile-" + std::to_string(getpid());
  std::string all;
  for (const HostileCase& one : kCases) {
    std::ofstream(path, std::ios::binary) << one.bytes();
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      close(ends[0]);
      const std::string told = told_by(one, path);
      const bool is_told = write(ends[1], told.data(), told.size()) == static_cast<ssize_t>(told.size());
      _exit(is_told ? 0 : 1);
    }
    close(ends[1]);
    std::string told;
    char piece[4096];
    for (ssize_t count; (count = read(ends[0], piece, sizeof piece)) > 0;)
      told.append(piece, static_cast<std::size_t>(count));
    close(ends[0]);
    int status = 1;
    rusage used{};
    wait4(child, &status, 0, &used);
    EXPECT_EQ(status, 0) << one.what;
    all += std::string("==== ") + one.what + "\n" + told;
    if (!kIsMeasured) continue;
    const double seconds = static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                           static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    EXPECT_LE(seconds, 2.0) << one.what;
    EXPECT_LE(used.ru_maxrss / 1024, 256) << one.what;
  }
  std::filesystem::remove(path);
  EXPECT_TRUE(golden::matches("engine/sheet/golden/hostile.txt", all));
}

}  // namespace
}  // namespace tenglong::sheet
