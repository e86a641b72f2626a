#include <cerrno>
#include <cstdio>
#include <cstring>

#include "engine/sheet/inside/csv_workbook.h"
#include "engine/sheet/inside/package.h"
#include "engine/sheet/inside/refusal.h"
#include "engine/sheet/inside/xls_workbook.h"
#include "engine/sheet/inside/xlsx_workbook.h"
#include "engine/sheet/sheet.h"
#include "engine/text/text.h"

namespace tenglong::sheet {
namespace {

constexpr std::string_view kCompoundFile("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);

// "EncryptedPackage" as a compound file spells the names of its streams.
std::string utf16(std::string_view ascii) {
  std::string out;
  for (const char c : ascii) {
    out += c;
    out += '\0';
  }
  return out;
}
bool has_extension(const std::string& file_name, std::string_view extension) {
  return text::ascii_lower(file_name).ends_with(extension);
}
Place file_place(const std::string& file_name) { return {.file = file_name}; }

Diagnostic no_table(const std::string& file_name, const Words& what) {
  return refusal(
      "E-SHEET-103", file_place(file_name),
      {"这不是表格文件，内容是" + what.zh + "。", "This is not a spreadsheet but " + what.en + "."},
      {"请在原来的软件里打开，把表格另存为“Excel 工作簿（*.xlsx）”再传；改文件后缀名没有用。",
       "Open it in its own program and save the table as an Excel workbook (*.xlsx); renaming the file does "
       "not help."});
}
Diagnostic other_format(const std::string& file_name, const Words& what) {
  return refusal(
      "E-SHEET-105", file_place(file_name),
      {"这是" + what.zh + "，不能直接读。", "This is " + what.en + ", which is not read directly."},
      {"请用 WPS 或 Excel 打开，“文件—另存为”选“Excel 工作簿（*.xlsx）”再传。",
       "Open it in WPS or Excel, choose File, Save As, Excel workbook (*.xlsx), and send that."});
}

struct Signature {
  std::string_view bytes;
  const char* zh;
  const char* en;
};
const Signature kNotTables[] = {
    {"%PDF", " PDF", "a PDF document"},
    {"\x89PNG", "图片（PNG）", "a PNG picture"},
    {"\xFF\xD8\xFF", "图片（JPEG）", "a JPEG picture"},
    {"GIF8", "图片（GIF）", "a GIF picture"},
    {"Rar!", " RAR 压缩包", "a RAR archive"},
    {"7z\xBC\xAF", " 7z 压缩包", "a 7z archive"},
    {"\x1F\x8B", " gzip 压缩包", "a gzip archive"},
    {"{\\rtf", " RTF 文档", "an RTF document"},
};

// What a text file that begins with a tag is; nullopt if it may be a .csv.
std::optional<Diagnostic> refuse_markup(const std::string& file_name, std::string_view bytes) {
  std::string head = text::ascii_lower(bytes.substr(0, 2048));
  if (head.starts_with("\xEF\xBB\xBF")) head.erase(0, 3);
  head.erase(0, std::min(head.find_first_not_of(" \t\r\n"), head.size()));
  if (!head.starts_with('<')) return std::nullopt;
  if (head.find("urn:schemas-microsoft-com:office:spreadsheet") != std::string::npos)
    return other_format(file_name, {"“XML 表格 2003”格式", "an XML Spreadsheet 2003"});
  for (const char* tag : {"<html", "<!doctype html", "<table", "<head", "<meta", "<style", "<body", "<?xml"})
    if (head.find(tag) != std::string::npos)
      return no_table(file_name, {"网页（系统导出时改成了表格的后缀名）",
                                  "a web page that some system exported under a spreadsheet's name"});
  return std::nullopt;
}

Opened opened(std::unique_ptr<Workbook> workbook, Diagnostics diagnostics) {
  if (diagnostic::has_errors(diagnostics)) workbook.reset();
  return {std::move(workbook), std::move(diagnostics)};
}
Opened refused(Diagnostic diagnostic) { return {nullptr, {std::move(diagnostic)}}; }

Opened open_zip(const std::string& file_name, const std::string& path, std::string bytes,
                const Limits& limits) {
  Diagnostics diagnostics;
  std::unique_ptr<Package> package = Package::open(file_name, path, std::move(bytes), limits, diagnostics);
  if (!package) return {nullptr, std::move(diagnostics)};
  if (package->find("xl/workbook.bin"))
    return refused(other_format(file_name, {" Excel 二进制工作簿（xlsb）", "a binary workbook (xlsb)"}));
  if (package->find("word/document.xml"))
    return refused(no_table(file_name, {" Word 文档", "a Word document"}));
  if (package->find("ppt/presentation.xml"))
    return refused(no_table(file_name, {"演示文稿", "a presentation"}));
  if (package->find("mimetype") && package->find("content.xml"))
    return refused(other_format(file_name, {" ODF 表格（ods）", "an OpenDocument spreadsheet"}));
  if (!package->find("[Content_Types].xml") && !package->find("_rels/.rels") &&
      !package->find("xl/workbook.xml"))
    return refused(no_table(file_name, {"压缩包，不是工作簿；请解压后传里面的表格",
                                        "a zip archive; send the workbook inside it"}));
  std::unique_ptr<Workbook> workbook = XlsxWorkbook::open(std::move(package), file_name, limits, diagnostics);
  return opened(std::move(workbook), std::move(diagnostics));
}

Opened open_compound(std::string file_name, std::string bytes, const Limits& limits) {
  if (bytes.find(utf16("EncryptedPackage")) != std::string::npos ||
      bytes.find(utf16("EncryptionInfo")) != std::string::npos)
    return refused(password_protected(file_place(file_name)));
  if (has_extension(file_name, ".et") || has_extension(file_name, ".ett"))
    return refused(other_format(file_name, {" WPS 表格自己的格式（et）", "the own format of WPS (et)"}));
  if (bytes.find(utf16("WordDocument")) != std::string::npos)
    return refused(no_table(file_name, {" Word 文档", "a Word document"}));
  if (bytes.find(utf16("Workbook")) == std::string::npos && bytes.find(utf16("Book")) == std::string::npos)
    return refused(no_table(file_name, {"别的程序的文档", "a document of another program"}));
  Diagnostics diagnostics;
  std::unique_ptr<Workbook> workbook =
      XlsWorkbook::open(std::move(file_name), std::move(bytes), limits, diagnostics);
  return opened(std::move(workbook), std::move(diagnostics));
}

Opened open_text(std::string file_name, std::string bytes, const Limits& limits) {
  if (std::optional<Diagnostic> markup = refuse_markup(file_name, bytes)) return refused(std::move(*markup));
  const bool is_utf16 = bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
  if (!is_utf16 && bytes.find('\0') != std::string::npos)
    return refused(no_table(file_name, {"程序数据，不是文字", "binary data, not text"}));
  return {std::make_unique<CsvWorkbook>(std::move(file_name), std::move(bytes), limits), {}};
}

std::string why_not(int error) {
  switch (error) {
    case ENOENT:
      return "没有这个文件";
    case EACCES:
    case EPERM:
      return "没有读取的权限";
    case EISDIR:
      return "这是文件夹，不是文件";
    default:
      return std::strerror(error);
  }
}
std::string megabytes(std::uint64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

}  // namespace

Opened open_bytes(std::string file_name, std::string bytes, const Limits& limits) {
  if (bytes.empty())
    return refused(
        refusal("E-SHEET-102", file_place(file_name), {"文件是空的。", "The file is empty."},
                {"请确认文件保存完好后再传。", "Check that the file was saved, and send it again."}));
  if (bytes.size() > limits.file_bytes)
    return refused(too_large(file_place(file_name), {"文件", "its size"}, megabytes(limits.file_bytes)));
  const std::string_view head = std::string_view(bytes).substr(0, 8);
  for (const Signature& signature : kNotTables)
    if (head.starts_with(signature.bytes)) return refused(no_table(file_name, {signature.zh, signature.en}));
  if (head.starts_with("PK")) return open_zip(file_name, "", std::move(bytes), limits);
  if (head == kCompoundFile) return open_compound(std::move(file_name), std::move(bytes), limits);
  return open_text(std::move(file_name), std::move(bytes), limits);
}

Opened open(const std::string& path, const Limits& limits, const std::string& shown_name) {
  const std::string& name = shown_name.empty() ? path : shown_name;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  const auto cannot_open = [&](int error) {
    return refused(refusal("E-SHEET-101", file_place(name),
                           {"打不开文件：" + why_not(error) + "。",
                            "The file cannot be opened: " + std::string(std::strerror(error)) + "."},
                           {"请核对路径和读取权限。", "Check the path and the permission to read it."}));
  };
  if (!file) return cannot_open(errno);
  std::string bytes(8, '\0');
  errno = 0;
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file.get()));
  if (bytes.empty() && std::ferror(file.get())) return cannot_open(errno);
  std::fseek(file.get(), 0, SEEK_END);
  const long size = std::ftell(file.get());
  if (size < 0) return cannot_open(errno);
  if (static_cast<std::uint64_t>(size) > limits.file_bytes)
    return refused(too_large(file_place(name), {"文件", "its size"}, megabytes(limits.file_bytes)));
  // A package is read from the disk as it is needed; the rest is small or is searched as a whole.
  if (bytes.starts_with("PK")) return open_zip(name, path, "", limits);
  std::rewind(file.get());
  bytes.resize(static_cast<std::size_t>(size));
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file.get()));
  return open_bytes(name, std::move(bytes), limits);
}

}  // namespace tenglong::sheet
