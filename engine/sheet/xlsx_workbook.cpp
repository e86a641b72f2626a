#include "engine/sheet/inside/xlsx_workbook.h"

#include "engine/sheet/inside/refusal.h"
#include "engine/sheet/inside/sheet_rows.h"
#include "engine/text/ensure.h"
#include "engine/text/text.h"

namespace tenglong::sheet {
namespace {

struct Relation {
  std::string type;  // the last word of it: "worksheet", "sharedStrings"
  std::string target;
};
class RelationsHandler final : public XmlHandler {
 public:
  std::map<std::string, Relation, std::less<>> by_id;
  void start(std::string_view name, Attributes attributes) override {
    if (name != "Relationship" || attribute(attributes, "TargetMode") == "External") return;
    const std::string_view type = attribute(attributes, "Type");
    by_id.emplace(attribute(attributes, "Id"), Relation{std::string(type.substr(type.rfind('/') + 1)),
                                                        std::string(attribute(attributes, "Target"))});
    if (by_id.size() > 10000) stop();
  }
  void end(std::string_view) override {}
  const Relation* of_type(std::string_view type) const {
    for (const auto& [id, relation] : by_id)
      if (relation.type == type) return &relation;
    return nullptr;
  }
};

class WorkbookHandler final : public XmlHandler {
 public:
  struct Entry {
    Sheet sheet;
    std::string relation;
  };
  std::vector<Entry> entries;
  bool is_1904 = false;

  void start(std::string_view name, Attributes attributes) override {
    if (name == "workbookPr") {
      const std::string_view flag = attribute(attributes, "date1904");
      is_1904 = flag == "1" || flag == "true";
    }
    if (name == "sheets") is_in_sheets_ = true;
    if (name == "sheet" && is_in_sheets_) {
      const std::string_view state = attribute(attributes, "state");
      entries.push_back({{.name = short_name(attribute(attributes, "name")),
                          .is_hidden = !state.empty() && state != "visible"},
                         std::string(relation_id(attributes))});
      if (entries.size() > 10000) stop();
    }
  }
  void end(std::string_view name) override {
    if (name == "sheets") is_in_sheets_ = false;
  }

 private:
  // A program allows 31 characters; a name that is longer than any would be repeated in every finding.
  static std::string short_name(std::string_view name) {
    constexpr int kLongest = 100;
    std::string out;
    std::size_t at = 0;
    for (int i = 0; i < kLongest && at < name.size(); ++i)
      text::append_code_point(out, text::next_code_point(name, at));
    return at < name.size() ? out + "…" : out;
  }
  // r:id, whatever its prefix; the element's own attributes have none.
  static std::string_view relation_id(Attributes attributes) {
    for (Attributes at = attributes; *at; at += 2) {
      const std::string_view name(*at);
      if (name.find(':') != std::string_view::npos && local_name(*at) == "id") return at[1];
    }
    return {};
  }
  bool is_in_sheets_ = false;
};

// <dimension>, which stands before the rows.
class DimensionHandler final : public XmlHandler {
 public:
  std::string dimension;
  void start(std::string_view name, Attributes attributes) override {
    if (name == "dimension") dimension = attribute(attributes, "ref");
    if (name == "dimension" || name == "sheetData") stop();
  }
  void end(std::string_view) override {}
};

// It stands near the top; a file that hides it deeper, or has hundreds of sheets, goes without.
constexpr std::size_t kSheetsWithDimension = 50;
std::string dimension_of(const Package& package, const std::string& part) {
  Diagnostics said_when_read;
  const auto source = package.part(part, said_when_read);
  if (!source) return "";
  std::string head(64 << 10, '\0');
  head.resize(source->read(head.data(), head.size()));
  DimensionHandler handler;
  MemorySource memory(head);
  parse_xml(memory, handler, {}, part, said_when_read);
  return handler.dimension;
}

std::string folder_of(const std::string& part) {
  const std::size_t slash = part.rfind('/');
  return slash == std::string::npos ? "" : part.substr(0, slash + 1);
}
std::string relations_part(const std::string& part) {
  return folder_of(part) + "_rels/" + part.substr(folder_of(part).size()) + ".rels";
}

}  // namespace

std::string resolve_target(const std::string& folder, std::string target) {
  for (char& c : target)
    if (c == '\\') c = '/';
  std::string path = target.starts_with('/') ? target.substr(1) : folder + target;
  for (std::size_t at; (at = path.find("./")) != std::string::npos;) {
    if (at > 0 && path[at - 1] == '.') {  // "xl/sub/../x"
      const std::size_t from = at >= 3 ? path.rfind('/', at - 3) : std::string::npos;
      path.erase(from == std::string::npos ? 0 : from + 1,
                 at + 2 - (from == std::string::npos ? 0 : from + 1));
    } else {
      path.erase(at, 2);
    }
  }
  return path;
}

std::unique_ptr<XlsxWorkbook> XlsxWorkbook::open(std::unique_ptr<Package> package, std::string file_name,
                                                 const Limits& limits, Diagnostics& diagnostics) {
  std::unique_ptr<XlsxWorkbook> workbook(new XlsxWorkbook());
  workbook->package_ = std::move(package);
  workbook->file_name_ = std::move(file_name);
  workbook->limits_ = limits;
  return workbook->read_parts(diagnostics) ? std::move(workbook) : nullptr;
}

bool XlsxWorkbook::read_parts(Diagnostics& diagnostics) {
  const Place file{.file = file_name_};
  const auto parse = [&](const std::string& part, XmlHandler& handler) {
    const auto source = package_->part(part, diagnostics);
    return source && parse_xml(*source, handler, file, part, diagnostics);
  };
  std::string book = "xl/workbook.xml";
  if (const auto root = package_->find("_rels/.rels")) {
    RelationsHandler relations;
    if (!parse(*root, relations)) return false;
    if (const Relation* document = relations.of_type("officeDocument"))
      if (const auto found = package_->find(resolve_target("", document->target))) book = *found;
  }
  WorkbookHandler workbook;
  if (!parse(book, workbook)) return false;
  epoch_ = workbook.is_1904 ? calendar::SpreadsheetEpoch::From1904 : calendar::SpreadsheetEpoch::From1900;

  RelationsHandler relations;
  if (const auto part = package_->find(relations_part(book)))
    if (!parse(*part, relations)) return false;
  for (WorkbookHandler::Entry& entry : workbook.entries) {
    const auto relation = relations.by_id.find(entry.relation);
    std::optional<std::string> part;
    if (relation != relations.by_id.end()) {
      if (relation->second.type != "worksheet") continue;  // charts and old macro sheets have no cells
      part = package_->find(resolve_target(folder_of(book), relation->second.target));
    } else {
      part =
          package_->find(folder_of(book) + "worksheets/sheet" + std::to_string(sheets_.size() + 1) + ".xml");
    }
    if (!part) {
      diagnostics.push_back(damaged({.file = file_name_, .sheet = entry.sheet.name}, entry.sheet.name,
                                    {"找不到这张工作表", "this sheet is missing"}));
      continue;
    }
    if (sheets_.size() < kSheetsWithDimension) entry.sheet.dimension = dimension_of(*package_, *part);
    sheets_.push_back(std::move(entry.sheet));
    parts_.push_back(*part);
  }
  if (diagnostic::has_errors(diagnostics)) return false;
  if (sheets_.empty()) {
    diagnostics.push_back(
        refusal("E-SHEET-110", file, {"文件里没有一张工作表。", "The file has no worksheet."},
                {"请确认传的是填好数据的表格文件。", "Check that this is the workbook with the data."}));
    return false;
  }
  const auto related_part = [&](std::string_view type, const char* usual) {
    const Relation* relation = relations.of_type(type);
    return package_->find(relation ? resolve_target(folder_of(book), relation->target)
                                   : folder_of(book) + usual);
  };
  if (const auto part = related_part("sharedStrings", "sharedStrings.xml")) {
    const auto source = package_->part(*part, diagnostics);
    if (!source || !read_shared_strings(*source, limits_, file, *part, strings_, diagnostics)) return false;
  }
  if (const auto part = related_part("styles", "styles.xml")) {
    const auto source = package_->part(*part, diagnostics);
    if (!source || !read_styles(*source, file, *part, styles_, diagnostics)) return false;
  }
  return true;
}

Diagnostics XlsxWorkbook::read(int sheet, RowSink& sink, Merged merged) const {
  ensure(sheet >= 0 && sheet < static_cast<int>(sheets_.size()), "a sheet of this workbook");
  Diagnostics diagnostics;
  const auto source = package_->part(part_of(sheet), diagnostics);
  if (!source) return diagnostics;
  const SheetSetting setting{strings_, styles_, epoch_, limits_, place_of(sheet), part_of(sheet)};
  const auto note = [&](int column) {
    if (column > 0) last_used_[sheet] = column;
  };
  if (merged == Merged::Keep || merges(sheet).empty()) {
    note(read_sheet_rows(*source, setting, sink, diagnostics));
    return diagnostics;
  }
  FillingSink filling(merges(sheet), sink);
  note(read_sheet_rows(*source, setting, filling, diagnostics));
  if (filling.is_exhausted())
    diagnostics.push_back(too_large(
        place_of(sheet), {"合并单元格覆盖的格数", "the number of cells in merged ranges"}, "5000000"));
  return diagnostics;
}

const std::vector<MergedRange>& XlsxWorkbook::merges(int sheet) const {
  ensure(sheet >= 0 && sheet < static_cast<int>(sheets_.size()), "a sheet of this workbook");
  const auto [at, is_new] = merges_.try_emplace(sheet);
  if (is_new) {
    // What is wrong with the part is said by read().
    Diagnostics said_when_read;
    if (const auto source = package_->part(part_of(sheet), said_when_read))
      at->second = scan_merges(*source, limits_, place_of(sheet), said_when_read);
  }
  return at->second;
}

}  // namespace tenglong::sheet
