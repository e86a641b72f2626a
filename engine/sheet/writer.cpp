#include "engine/sheet/writer.h"

#include <xlsxwriter.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>

#include "engine/sheet/inside/row_stream.h"
#include "engine/sheet/inside/under_sanitizer.h"
#include "engine/sheet/sheet.h"
#include "engine/text/ensure.h"
#include "engine/text/text.h"

namespace tenglong::sheet {
namespace {

constexpr int kRowsThatSetWidths = 200;
constexpr std::size_t kWidest = 48, kNarrowest = 6;  // characters of a column

std::string legal_sheet_name(const std::string& wanted, std::set<std::string>& taken) {
  const auto cut = [](std::string_view name, std::size_t code_points) {
    std::string out;
    for (std::size_t at = 0; at < name.size() && code_points > 0; --code_points) {
      const char32_t c = text::next_code_point(name, at);
      text::append_code_point(
          out, c < ' ' || (c < 0x80 &&
                           std::string_view("[]:*?/\\").find(static_cast<char>(c)) != std::string_view::npos)
                   ? U'_'
                   : c);
    }
    return out;
  };
  std::string name = cut(wanted, 31);
  while (name.starts_with('\'')) name.erase(0, 1);
  while (name.ends_with('\'')) name.pop_back();
  if (name.empty()) name = "Sheet";
  std::string unique = name;
  for (int number = 2; !taken.insert(text::ascii_lower(unique)).second; ++number) {
    const std::string suffix = " (" + std::to_string(number) + ")";
    unique = cut(name, 31 - suffix.size()) + suffix;
  }
  return unique;
}

std::size_t widest_line(std::string_view text) {
  std::size_t widest = 0;
  for (const std::string_view line : text::split(text, '\n'))
    widest = std::max(widest, text::cell_width(line));
  return widest;
}

}  // namespace

struct WorkbookWriter::Inside {
  std::string path;
  lxw_workbook* workbook = nullptr;
  lxw_worksheet* worksheet = nullptr;
  std::set<std::string> names;

  lxw_format* title = nullptr;
  lxw_format* mark = nullptr;
  lxw_format* line = nullptr;
  lxw_format* header = nullptr;
  lxw_format* required_header = nullptr;
  lxw_format* date = nullptr;
  lxw_format* text = nullptr;
  std::map<std::string, lxw_format*> number_formats;

  OutSheet sheet;
  std::vector<std::unique_ptr<RowStream>> rows;  // one a sheet that was begun
  std::vector<std::size_t> widths;
  int header_row = 0;  // from 0
  int row = 0;         // next to write, from 0

  ~Inside() {
    if (workbook) workbook_close(workbook);
    if (!path.empty()) std::remove(path.c_str());
  }

  void make_formats() {
    title = workbook_add_format(workbook);
    format_set_bold(title);
    format_set_font_size(title, 14);
    format_set_align(title, LXW_ALIGN_CENTER);
    mark = workbook_add_format(workbook);
    format_set_bold(mark);
    format_set_font_color(mark, 0xC00000);
    line = workbook_add_format(workbook);
    format_set_font_color(line, 0x595959);
    header = header_format(0xE7E6E6);
    required_header = header_format(0xFCE4D6);
    date = workbook_add_format(workbook);
    format_set_num_format(date, "yyyy-mm-dd");
    text = workbook_add_format(workbook);
    format_set_num_format(text, "@");
  }
  lxw_format* header_format(lxw_color_t colour) {
    lxw_format* format = workbook_add_format(workbook);
    format_set_bold(format);
    format_set_text_wrap(format);
    format_set_align(format, LXW_ALIGN_CENTER);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    format_set_border(format, LXW_BORDER_THIN);
    format_set_bg_color(format, colour);
    return format;
  }
  lxw_format* number_format(const std::string& code) {
    if (code.empty()) return nullptr;
    lxw_format*& format = number_formats[code];
    if (!format) {
      format = workbook_add_format(workbook);
      format_set_num_format(format, code.c_str());
    }
    return format;
  }

  int last_column() const { return std::max(0, static_cast<int>(sheet.columns.size()) - 1); }

  void write_line(const std::string& words, lxw_format* format) {
    if (words.empty()) return;
    const std::string legal = cell_text(words);
    if (last_column() > 0)
      worksheet_merge_range(worksheet, static_cast<lxw_row_t>(row), 0, static_cast<lxw_row_t>(row),
                            static_cast<lxw_col_t>(last_column()), "", format);
    worksheet_write_string(worksheet, static_cast<lxw_row_t>(row), 0, legal.c_str(), format);
    ++row;
  }

  // The header as a grid: equal texts side by side under equal texts merge, and a short column reaches down.
  void write_header() {
    std::size_t levels = 1;
    for (const OutColumn& column : sheet.columns) levels = std::max(levels, column.header.size());
    const auto at = [&](std::size_t level, std::size_t column) -> std::string {
      const auto& words = sheet.columns[column].header;
      return level < words.size() ? words[level] : "";
    };
    const auto same_group = [&](std::size_t level, std::size_t a, std::size_t b) {
      for (std::size_t above = 0; above <= level; ++above)
        if (at(above, a) != at(above, b) || sheet.columns[a].header.size() <= above + 1 ||
            sheet.columns[b].header.size() <= above + 1)
          return false;
      return true;
    };
    header_row = row + static_cast<int>(levels) - 1;
    for (std::size_t level = 0; level < levels; ++level) {
      for (std::size_t column = 0; column < sheet.columns.size();) {
        const std::vector<std::string>& words = sheet.columns[column].header;
        std::size_t last = column;
        std::size_t bottom = level;
        if (level + 1 < words.size()) {
          while (last + 1 < sheet.columns.size() && same_group(level, column, last + 1)) ++last;
        } else if (level + 1 == words.size()) {
          bottom = levels - 1;
        } else if (level >= words.size() && !words.empty()) {
          ++column;  // covered from above
          continue;
        }
        put_header(level, bottom, column, last, at(level, column));
        column = last + 1;
      }
    }
    flush_header();
    for (std::size_t column = 0; column < sheet.columns.size(); ++column)
      if (!sheet.columns[column].note.empty())
        worksheet_write_comment(worksheet, static_cast<lxw_row_t>(header_row), static_cast<lxw_col_t>(column),
                                sheet.columns[column].note.c_str());
    row += static_cast<int>(levels);
  }
  void put_header(std::size_t top, std::size_t bottom, std::size_t left, std::size_t right,
                  const std::string& words) {
    lxw_format* format = left == right && sheet.columns[left].is_required ? required_header : header;
    if (top != bottom || left != right) merges.push_back({top, bottom, left, right});
    for (std::size_t level = top; level <= bottom; ++level)
      for (std::size_t column = left; column <= right; ++column)
        header_cells[{level, column}] = {level == top && column == left ? cell_text(words) : "", format};
  }
  // Rows are written from top to bottom and gone, so ranges over several rows are noted by themselves:
  // worksheet_merge_range() would want to write their cells.
  void flush_header() {
    for (const auto& [at, cell] : header_cells) {
      const auto to_row = static_cast<lxw_row_t>(row + static_cast<int>(at.first));
      const auto to_column = static_cast<lxw_col_t>(at.second);
      if (cell.first.empty())
        worksheet_write_blank(worksheet, to_row, to_column, cell.second);
      else
        worksheet_write_string(worksheet, to_row, to_column, cell.first.c_str(), cell.second);
    }
    for (const HeaderMerge& merge : merges) {
      auto* range = static_cast<lxw_merged_range*>(std::calloc(1, sizeof(lxw_merged_range)));
      if (!range) throw std::bad_alloc();
      range->first_row = static_cast<lxw_row_t>(row + static_cast<int>(merge.top));
      range->last_row = static_cast<lxw_row_t>(row + static_cast<int>(merge.bottom));
      range->first_col = static_cast<lxw_col_t>(merge.left);
      range->last_col = static_cast<lxw_col_t>(merge.right);
      STAILQ_INSERT_TAIL(worksheet->merged_ranges, range, list_pointers);
      ++worksheet->merged_range_count;
    }
    header_cells.clear();
    merges.clear();
  }
  struct HeaderMerge {
    std::size_t top, bottom, left, right;
  };
  std::vector<HeaderMerge> merges;
  std::map<std::pair<std::size_t, std::size_t>, std::pair<std::string, lxw_format*>>
      header_cells;  // by level, column

  // A list in a file may have 255 characters; a longer one stands in a hidden sheet of its own.
  void add_choices() {
    for (std::size_t column = 0; column < sheet.columns.size(); ++column) {
      std::vector<std::string> choices = sheet.columns[column].choices;
      if (choices.empty()) continue;
      std::size_t size = choices.size();
      bool has_comma = false;
      for (const std::string& choice : choices) {
        size += choice.size();  // libxlsxwriter 1.1.4 joins the list in 256 bytes, whatever it counted
        has_comma = has_comma || choice.find(',') != std::string::npos;
      }
      lxw_data_validation rule{};
      std::string source;
      std::vector<char*> list;
      if (size <= 255 && !has_comma) {
        for (std::string& choice : choices) list.push_back(choice.data());
        list.push_back(nullptr);
        rule.validate = LXW_VALIDATION_TYPE_LIST;
        rule.value_list = list.data();
      } else {
        source = put_choices(choices);
        rule.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
        rule.value_formula = source.data();
      }
      rule.error_type = LXW_VALIDATION_ERROR_TYPE_STOP;
      std::string title_words = "请从下拉列表中选择", message = "这一列只能填列表中的项目。";
      rule.error_title = title_words.data();
      rule.error_message = message.data();
      const ForgottenByLibrary formula;  // libxlsxwriter 1.1.4: some 20 bytes a list
      worksheet_data_validation_range(worksheet, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(column),
                                      static_cast<lxw_row_t>(row + static_cast<int>(sheet.choice_rows) - 1),
                                      static_cast<lxw_col_t>(column), &rule);
    }
  }
  lxw_worksheet* choice_sheet = nullptr;
  std::string choice_sheet_name;
  int choice_rows = 0;
  std::string put_choices(const std::vector<std::string>& choices) {
    if (!choice_sheet) {
      choice_sheet_name = legal_sheet_name("选项", names);
      choice_sheet = workbook_add_worksheet(workbook, choice_sheet_name.c_str());
      worksheet_hide(choice_sheet);
    }
    const int choice_row = choice_rows++;
    for (std::size_t i = 0; i < choices.size(); ++i)
      worksheet_write_string(choice_sheet, static_cast<lxw_row_t>(choice_row), static_cast<lxw_col_t>(i),
                             cell_text(choices[i]).c_str(), nullptr);
    const std::string number = std::to_string(choice_row + 1);
    return "='" + choice_sheet_name + "'!$A$" + number + ":$" +
           column_letter(static_cast<int>(choices.size())) + "$" + number;
  }

  void close();
  void finish_sheet() {
    if (!worksheet) return;
    for (std::size_t column = 0; column < widths.size(); ++column) {
      const int wanted = sheet.columns[column].width;
      const double width =
          wanted > 0 ? wanted : static_cast<double>(std::clamp(widths[column] + 2, kNarrowest, kWidest));
      const bool is_text = sheet.columns[column].number_format == "@";
      worksheet_set_column(worksheet, static_cast<lxw_col_t>(column), static_cast<lxw_col_t>(column), width,
                           is_text ? text : nullptr);
    }
    if (!sheet.columns.empty() && row > header_row + 1)
      worksheet_autofilter(worksheet, static_cast<lxw_row_t>(header_row), 0, static_cast<lxw_row_t>(row - 1),
                           static_cast<lxw_col_t>(last_column()));
    worksheet = nullptr;
  }
};

WorkbookWriter::WorkbookWriter() : inside_(std::make_unique<Inside>()) {
  // libxlsxwriter knows files only; the name is taken at once by an empty file nobody else can open.
  std::string pattern =
      (std::getenv("TMPDIR") ? std::string(std::getenv("TMPDIR")) : std::string("/tmp")) + "/tenglong-XXXXXX";
  const int descriptor = mkstemp(pattern.data());
  if (descriptor < 0) throw std::runtime_error("no temporary file can be made");
  std::fclose(fdopen(descriptor, "wb"));
  inside_->path = pattern;
  lxw_workbook_options options{};
  options.constant_memory = LXW_TRUE;
  options.use_zip64 = LXW_FALSE;
  inside_->workbook = workbook_new_opt(inside_->path.c_str(), &options);
  // The same rows give the same bytes on any day: a file that is made again is recognised by its fingerprint.
  lxw_doc_properties properties{};
  properties.created = 1577836800;  // 2020-01-01
  workbook_set_properties(inside_->workbook, &properties);
  if (!inside_->workbook) throw std::runtime_error("libxlsxwriter cannot begin a workbook");
  inside_->make_formats();
}

WorkbookWriter::~WorkbookWriter() = default;

void WorkbookWriter::begin_sheet(const OutSheet& sheet) {
  Inside& in = *inside_;
  ensure(in.workbook != nullptr, "the workbook is not finished");
  in.finish_sheet();
  in.sheet = sheet;
  in.worksheet = workbook_add_worksheet(in.workbook, legal_sheet_name(sheet.name, in.names).c_str());
  in.row = 0;
  in.widths.clear();
  RowStream::Styles styles{.text = lxw_format_get_xf_index(in.text),
                           .date = lxw_format_get_xf_index(in.date)};
  for (const OutColumn& column : sheet.columns) {
    lxw_format* format = in.number_format(column.number_format);
    styles.of_column.push_back(format ? lxw_format_get_xf_index(format) : 0);
    in.widths.push_back(column.header.empty() ? 0 : widest_line(column.header.back()));
  }
  in.rows.push_back(std::make_unique<RowStream>(
      in.path + "-rows-" + std::to_string(in.worksheet->index),
      "xl/worksheets/sheet" + std::to_string(in.worksheet->index + 1) + ".xml", std::move(styles)));
  in.write_line(sheet.title, in.title);
  in.write_line(sheet.mark, in.mark);
  for (const std::string& line : sheet.lines) in.write_line(line, in.line);
  in.header_row = in.row - 1;
  if (sheet.columns.empty()) return;
  in.write_header();
  worksheet_freeze_panes(in.worksheet, static_cast<lxw_row_t>(in.row), 0);
  in.add_choices();
}

void WorkbookWriter::row(std::span<const OutCell> cells) {
  Inside& in = *inside_;
  ensure(in.worksheet != nullptr, "a row needs a sheet");
  in.rows.back()->row(in.row + 1, cells);
  if (in.row <= in.header_row + kRowsThatSetWidths)
    for (std::size_t i = 0; i < cells.size() && i < in.widths.size(); ++i)
      in.widths[i] =
          std::max(in.widths[i], cells[i].kind == OutCell::Kind::Date ? 10 : widest_line(cells[i].text));
  ++in.row;
}

int WorkbookWriter::next_row() const { return inside_->row + 1; }

void WorkbookWriter::Inside::close() {
  ensure(workbook != nullptr, "a workbook is finished once");
  finish_sheet();
  const lxw_error error = workbook_close(workbook);
  workbook = nullptr;
  if (error != LXW_NO_ERROR)
    throw std::runtime_error(std::string("writing a workbook: ") + lxw_strerror(error));
  splice_rows(path, rows);
  rows.clear();
}

std::string WorkbookWriter::finish() {
  Inside& in = *inside_;
  in.close();
  std::FILE* file = std::fopen(in.path.c_str(), "rb");
  if (!file) throw std::runtime_error("the written workbook cannot be read back");
  std::fseek(file, 0, SEEK_END);
  std::string bytes(static_cast<std::size_t>(std::max(std::ftell(file), 0L)), '\0');
  std::rewind(file);
  const bool is_whole = std::fread(bytes.data(), 1, bytes.size(), file) == bytes.size();
  std::fclose(file);
  if (!is_whole) throw std::runtime_error("the written workbook cannot be read back");
  return bytes;
}

void WorkbookWriter::finish_to(const std::string& path) {
  Inside& in = *inside_;
  in.close();
  std::error_code failure;
  const std::string beside = path + ".part";
  // A new file, so that it has the rights that the user's other files have.
  std::ofstream(beside, std::ios::binary) << std::ifstream(in.path, std::ios::binary).rdbuf();
  if (std::filesystem::file_size(beside, failure) != std::filesystem::file_size(in.path))
    failure = std::make_error_code(std::errc::no_space_on_device);
  if (!failure) std::filesystem::rename(beside, path, failure);
  if (!failure) return;
  std::error_code ignored;
  std::filesystem::remove(beside, ignored);
  throw std::runtime_error("cannot write " + path + ": " + failure.message());
}

}  // namespace tenglong::sheet
