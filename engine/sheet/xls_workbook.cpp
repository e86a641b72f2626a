#include "engine/sheet/inside/xls_workbook.h"

#include <fcntl.h>
#include <freexl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include "engine/sheet/inside/refusal.h"
#include "engine/sheet/inside/under_sanitizer.h"
#include "engine/text/ensure.h"

namespace tenglong::sheet {
namespace {

constexpr rlim_t kSeconds = 10;
constexpr rlim_t kBytes = 1ull << 30;
constexpr std::size_t kTold = 256ull << 20;  // cells of a full .xls fit many times
constexpr int kSilence = 20'000;             // milliseconds

// libfreexl opens files by name only; memory has one too.
class NamedMemory {
 public:
  explicit NamedMemory(const std::string& bytes) : descriptor_(memfd_create("xls", MFD_CLOEXEC)) {
    if (descriptor_ < 0) throw std::runtime_error("memfd_create failed");
    for (std::size_t done = 0; done < bytes.size();) {
      const ssize_t count = write(descriptor_, bytes.data() + done, bytes.size() - done);
      if (count <= 0) {
        close(descriptor_);
        throw std::runtime_error("writing to memory failed");
      }
      done += static_cast<std::size_t>(count);
    }
  }
  ~NamedMemory() { close(descriptor_); }
  NamedMemory(const NamedMemory&) = delete;
  NamedMemory& operator=(const NamedMemory&) = delete;
  std::string name() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

// What the child tells: P (password), X code (cannot open), 4 (1904 dates), S name (a sheet begins), C row
// column kind text (a cell), Z (all told). Numbers are 4 bytes of this machine, texts a number and their
// bytes.
class Outbox {
 public:
  explicit Outbox(int descriptor) : descriptor_(descriptor) {}
  void tag(char c) {
    buffer_ += c;
    if (buffer_.size() > (64 << 10)) flush();
  }
  void number(std::uint32_t value) { buffer_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void text(std::string_view text) {
    number(static_cast<std::uint32_t>(text.size()));
    buffer_ += text;
  }
  void flush() {
    for (std::size_t done = 0; done < buffer_.size();) {
      const ssize_t count = write(descriptor_, buffer_.data() + done, buffer_.size() - done);
      if (count <= 0) _exit(1);
      done += static_cast<std::size_t>(count);
    }
    buffer_.clear();
  }

 private:
  int descriptor_;
  std::string buffer_;
};

// The child's word is not trusted either: every length is held against what was told.
class Inbox {
 public:
  explicit Inbox(std::string_view told) : rest_(told) {}
  char tag() {
    if (rest_.empty()) return 0;
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }
  std::uint32_t number() {
    std::uint32_t value = 0;
    if (rest_.size() < sizeof value) {
      rest_ = {};
      return 0;
    }
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  std::string text() {
    const std::size_t size = std::min<std::size_t>(number(), rest_.size());
    std::string out(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return out;
  }

 private:
  std::string_view rest_;
};

// The shortest digits that give the stored double back.
std::string shortest(double value) {
  char digits[64];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  std::string text(digits, end);
  for (char& c : text)
    if (c == 'e') c = 'E';
  return text;
}

void tell_cell(Outbox& out, unsigned int row, unsigned short column, const FreeXL_CellValue& value) {
  CellKind kind = CellKind::Empty;
  std::string text;
  switch (value.type) {
    case FREEXL_CELL_INT:
      kind = CellKind::Number;
      text = std::to_string(value.value.int_value);
      break;
    case FREEXL_CELL_DOUBLE:
      kind = CellKind::Number;
      text = shortest(value.value.double_value);
      break;
    case FREEXL_CELL_TEXT:
    case FREEXL_CELL_SST_TEXT:
      kind = CellKind::Text;
      text = value.value.text_value ? value.value.text_value : "";
      break;
    case FREEXL_CELL_DATE:
    case FREEXL_CELL_DATETIME:
    case FREEXL_CELL_TIME:
      kind = CellKind::Date;
      text = value.value.text_value;
      break;
    default:
      break;
  }
  if (text.empty()) return;
  out.tag('C');
  out.number(row + 1);
  out.number(column + 1u);
  out.number(static_cast<std::uint32_t>(kind));
  out.text(text);
}

void tell_sheet(Outbox& out, const void* handle, unsigned short index) {
  const char* name = nullptr;
  if (freexl_get_worksheet_name(handle, index, &name) != FREEXL_OK) return;
  out.tag('S');
  out.text(name ? name : "");
  unsigned int row_count = 0;
  unsigned short column_count = 0;
  if (freexl_select_active_worksheet(handle, index) != FREEXL_OK ||
      freexl_worksheet_dimensions(handle, &row_count, &column_count) != FREEXL_OK)
    return;
  for (unsigned int row = 0; row < row_count; ++row)
    for (unsigned short column = 0; column < column_count; ++column) {
      FreeXL_CellValue value;
      if (freexl_get_cell_value(handle, row, column, &value) == FREEXL_OK) tell_cell(out, row, column, value);
    }
}

void tell_all(Outbox& out, const std::string& path) {
  const void* handle = nullptr;
  const int code = freexl_open(path.c_str(), &handle);
  unsigned int value = 0;
  if (code == FREEXL_BIFF_OBFUSCATED ||
      (code == FREEXL_OK && freexl_get_info(handle, FREEXL_BIFF_PASSWORD, &value) == FREEXL_OK &&
       value == FREEXL_BIFF_OBFUSCATED))
    return out.tag('P');
  if (code != FREEXL_OK || freexl_get_info(handle, FREEXL_BIFF_SHEET_COUNT, &value) != FREEXL_OK) {
    out.tag('X');
    return out.number(static_cast<std::uint32_t>(code));
  }
  const unsigned int sheet_count = value;
  if (freexl_get_info(handle, FREEXL_BIFF_DATEMODE, &value) == FREEXL_OK &&
      value == FREEXL_BIFF_DATEMODE_1904)
    out.tag('4');
  for (unsigned int index = 0; index < sheet_count; ++index)
    tell_sheet(out, handle, static_cast<unsigned short>(index));
}

// Address space in use, which a limit on the child must leave room for.
rlim_t used_bytes() {
  unsigned long pages = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%lu", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return static_cast<rlim_t>(pages) * static_cast<rlim_t>(sysconf(_SC_PAGESIZE));
}

[[noreturn]] void run_child(const std::string& path, int descriptor, [[maybe_unused]] rlim_t used) {
  for (const int number : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGPIPE}) signal(number, SIG_DFL);
  const rlimit no_core{0, 0}, seconds{kSeconds, kSeconds};
  setrlimit(RLIMIT_CORE, &no_core);
  setrlimit(RLIMIT_FSIZE, &no_core);
  setrlimit(RLIMIT_CPU, &seconds);
  // What a damaged file does to the library is told by what the child leaves unsaid, not in the log.
  if (const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC); nowhere >= 0)
    dup2(nowhere, STDERR_FILENO);
#if !defined(__SANITIZE_ADDRESS__)  // whose own memory has no such bounds
  const rlimit bytes{used + kBytes, used + kBytes};
  setrlimit(RLIMIT_AS, &bytes);
#endif
  try {
    Outbox out(descriptor);
    tell_all(out, path);
    out.tag('Z');
    out.flush();
  } catch (...) {
    _exit(1);
  }
  _exit(0);
}

// Everything the child tells until it ends; cut off where it says too much or nothing for too long.
std::string heard_from(pid_t child, int descriptor) {
  std::string told;
  std::string piece(256 << 10, '\0');
  for (;;) {
    pollfd waiting{descriptor, POLLIN, 0};
    const int ready = poll(&waiting, 1, kSilence);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) break;
    const ssize_t count = ::read(descriptor, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0 || told.size() > kTold) break;
    told.append(piece.data(), static_cast<std::size_t>(count));
  }
  kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return told;
}

std::string read_in_child(const std::string& bytes) {
  const NamedMemory memory(bytes);
  const std::string path = memory.name();
  const rlim_t used = used_bytes();
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe failed");
  const pid_t child = fork();
  if (child < 0) {
    close(ends[0]);
    close(ends[1]);
    throw std::runtime_error("fork failed");
  }
  if (child == 0) {
    close(ends[0]);
    run_child(path, ends[1], used);
  }
  close(ends[1]);
  std::string told = heard_from(child, ends[0]);
  close(ends[0]);
  return told;
}

Diagnostic broken(const Place& file, const std::string& code) {
  return damaged(file, "", {"内部结构不完整（" + code + "）", "its structure is broken (" + code + ")"});
}

// A cell of a row that goes on, or of the next; what is out of order is dropped with the file.
bool keep(std::vector<Row>& rows, Cell cell) {
  if (cell.row < 1 || cell.row > 65536 || cell.column < 1 || cell.column > 256) return false;
  if (rows.empty() || rows.back().number < cell.row) rows.push_back({cell.row, {}});
  Row& row = rows.back();
  if (row.number != cell.row || (!row.cells.empty() && row.cells.back().column >= cell.column)) return false;
  row.cells.push_back(std::move(cell));
  return true;
}

}  // namespace

std::unique_ptr<XlsWorkbook> XlsWorkbook::open(std::string file_name, std::string bytes, const Limits&,
                                               Diagnostics& diagnostics) {
  std::unique_ptr<XlsWorkbook> workbook(new XlsWorkbook());
  workbook->file_name_ = std::move(file_name);
  const Place file{.file = workbook->file_name_};
  const std::string told = read_in_child(bytes);
  Inbox inbox(told);
  for (char tag = inbox.tag(); tag != 'Z'; tag = inbox.tag()) {
    if (tag == 'P') {
      diagnostics.push_back(password_protected(file));
      return nullptr;
    }
    if (tag == '4') {
      workbook->epoch_ = calendar::SpreadsheetEpoch::From1904;
    } else if (tag == 'S') {
      workbook->sheets_.push_back({.name = inbox.text()});
      workbook->rows_.emplace_back();
    } else if (tag == 'C' && !workbook->sheets_.empty()) {
      Cell cell{.row = static_cast<int>(inbox.number()), .column = static_cast<int>(inbox.number())};
      const std::uint32_t kind = inbox.number();
      cell.text = inbox.text();
      cell.kind = kind == static_cast<std::uint32_t>(CellKind::Number) ? CellKind::Number
                  : kind == static_cast<std::uint32_t>(CellKind::Date) ? CellKind::Date
                                                                       : CellKind::Text;
      // A time of day alone is no day.
      if (cell.kind == CellKind::Date)
        cell.date = calendar::Date::parse(std::string_view(cell.text).substr(0, 10));
      if (cell.text.empty() || !keep(workbook->rows_.back(), std::move(cell))) {
        diagnostics.push_back(broken(file, "cells"));
        return nullptr;
      }
    } else {
      diagnostics.push_back(
          broken(file, tag == 'X' ? std::to_string(static_cast<std::int32_t>(inbox.number())) : "child"));
      return nullptr;
    }
  }
  if (workbook->sheets_.empty()) {
    diagnostics.push_back(
        refusal("E-SHEET-110", file, {"文件里没有一张工作表。", "The file has no worksheet."},
                {"请确认传的是填好数据的表格文件。", "Check that this is the workbook with the data."}));
    return nullptr;
  }
  return workbook;
}

Diagnostics XlsWorkbook::read(int sheet, RowSink& sink, Merged) const {
  ensure(sheet >= 0 && sheet < static_cast<int>(sheets_.size()), "a sheet of this workbook");
  for (const Row& row : rows_[static_cast<std::size_t>(sheet)])
    if (!sink.row(row.number, row.cells)) break;
  return {};
}

}  // namespace tenglong::sheet
