// Files of a folder, cut into clauses and blocks.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "engine/pack/inside/draft.h"

namespace tenglong::pack {
namespace {

using diagnostic::Place;

const std::vector<std::string> kKinds = {"pack",     "access",     "clause",   "question",  "codes",
                                         "register", "parameter",  "fill",     "indicator", "decision",
                                         "scheme",   "roster",     "target",   "cases",     "simulation",
                                         "intake",   "collection", "identity", "rollup"};
const std::vector<std::string> kLaterKinds = {"workflow", "policy",   "race",
                                              "document", "exchange", "calendar"};

bool contains(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool eat(std::string_view& rest, std::string_view prefix) {
  if (!rest.starts_with(prefix)) return false;
  rest.remove_prefix(prefix.size());
  return true;
}

bool eat_chinese_number(std::string_view& rest, std::string& out) {
  static const char* const kDigits[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
  bool any = false;
  for (bool more = true; more;) {
    more = false;
    for (const char* digit : kDigits)
      if (eat(rest, digit)) out += digit, any = more = true;
  }
  return any;
}

Place line_place(const SourceFile& file, int line) {
  const auto width = static_cast<int>(text::code_point_count(file.line(line)));
  return {.file = file.path, .line = line, .column = 1, .end_column = width + 1};
}

class FileReader {
 public:
  FileReader(Draft& draft, Folder& folder, std::size_t folder_index, const SourceFile& file)
      : draft_(draft), folder_(folder), folder_index_(folder_index), file_(file) {}

  void read() {
    draft_.findings.clause.clear();
    draft_.parts.push_back(parse_markdown(file_));
    const std::vector<Part>& parts = draft_.parts.back();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const Part& part = parts[i];
      switch (part.kind) {
        case PartKind::Heading:
          open_clause(part);
          break;
        case PartKind::Fence:
          read_fence(part, i + 1 < parts.size() ? &parts[i + 1] : nullptr);
          break;
        case PartKind::Prose:
          add_summary(part.text);
          break;
        case PartKind::Table:
          break;
      }
    }
  }

 private:
  Clause* clause() {
    for (Clause& one : draft_.pack.clauses)
      if (one.id == clause_id_) return &one;
    return nullptr;
  }

  void open_clause(const Part& heading) {
    const std::string_view title = text::trim(heading.text);
    const std::size_t blank = std::min(title.find(' '), title.find("　"));
    const auto number = clause_number(title.substr(0, blank));
    if (!number) {
      warn_of_near_clause(title, heading.line);
      return;
    }
    if (folder_.role == Role::Included) return;
    clause_id_ = *number;
    draft_.findings.clause = clause_id_;
    in_summary_ = true;
    if (folder_.role == Role::Overlay) return;
    const std::string name =
        blank == std::string_view::npos ? "" : std::string(text::trim(title.substr(blank)));
    if (Clause* known = clause()) {
      // One clause may be spread over several files, as long as its titles agree.
      if (known->title.empty()) known->title = name;
      if (!name.empty() && name != known->title)
        draft_.findings
            .add("W-PACK-218", line_place(file_, heading.line),
                 {"条款 " + clause_id_ + " 的标题与前面不同。",
                  "Clause " + clause_id_ + " has another title than before."},
                 {"用同一个标题，或只写条款号。", "Use the same title, or the number alone."})
            .related.push_back(
                {known->place, {"前面写作“" + known->title + "”", "first titled \"" + known->title + "\""}});
      return;
    }
    Clause opened;
    opened.id = clause_id_;
    opened.title = name;
    opened.place = line_place(file_, heading.line);
    draft_.pack.clauses.push_back(std::move(opened));
  }

  // “## 三(一)3深化……” or “## 一、……” would silently leave its blocks without a clause.
  void warn_of_near_clause(std::string_view title, int line) {
    std::string_view rest = title;
    std::string digits;
    if (!eat_chinese_number(rest, digits)) return;
    const bool looks_like_one =
        rest.starts_with("(") || rest.starts_with("（") || rest.starts_with("、") || rest.starts_with(".");
    if (!looks_like_one) return;
    draft_.findings.add(
        "W-PACK-118", line_place(file_, line),
        {"这个标题像条款，但第一个词不是条款号，下面的块不会归到这一条。",
         "This heading looks like a clause, but its first word is not a clause number; blocks below do not "
         "join it."},
        {"条款号后面留一个空格，写成“三(一)3 标题”。", "Leave a blank after the number: \"三(一)3 title\"."});
  }

  void add_summary(const std::string& prose) {
    if (!in_summary_ || folder_.role != Role::Main) return;
    if (Clause* open = clause()) open->summary += (open->summary.empty() ? "" : "\n\n") + prose;
  }

  void read_fence(const Part& part, const Part* next) {
    const std::vector<std::string_view> words = text::split(part.fence_word, ' ');
    if (words.empty() || words[0] != "yaml") return;
    const std::string kind = words.size() > 1 ? std::string(text::trim(part.fence_word.substr(5))) : "";
    const Place place = line_place(file_, part.line);
    Findings& findings = draft_.findings;
    findings.clause = clause_id_;
    if (kind.empty()) {
      findings.add("W-PACK-117", place,
                   {"这一块没写种类，不会被读。", "This block names no kind and is not read."},
                   {"写成 ```yaml parameter 的样子；只作示例的，改用 ```text。",
                    "Write ```yaml parameter; use ```text for a mere example."});
      return;
    }
    in_summary_ = false;
    if (contains(kLaterKinds, kind)) {
      findings.add(
          "W-PACK-120", place,
          {"“" + kind + "”块现在还不执行。", "Blocks of kind \"" + kind + "\" are not carried out yet."},
          {"目录里会列为未落实。", "The table of contents lists it as not yet carried out."});
      if (Clause* open = clause()) open->not_yet.push_back(kind + " 块尚不执行");
      return;
    }
    if (!contains(kKinds, kind)) {
      findings.add("E-PACK-103", place,
                   {"没有“" + kind + "”这种块。", "There is no block of kind \"" + kind + "\"."},
                   near_or_list(kind, kKinds));
      return;
    }
    if (part.is_nested) {
      findings.add("E-PACK-119", place,
                   {"块写在列表或引用里，不会被读。", "A block inside a list or a quotation is not read."},
                   {"把它移到顶格。", "Move it to the margin."});
      return;
    }
    RawBlock block{.kind = kind,
                   .root = parse_yaml(file_, part, findings),
                   .place = place,
                   .clause_id = clause_id_,
                   .role = folder_.role,
                   .folder = folder_index_};
    if (block.root.kind == Yaml::Kind::Null) return;  // said already, or empty
    if (block.root.kind != Yaml::Kind::Map) {
      findings.add("E-PACK-107", block.root.place,
                   {"块里应是“键: 值”。", "A block holds \"key: value\" lines."},
                   {"每个键后面用半角冒号加一个空格。", "Put an ASCII colon and a blank after every key."});
      return;
    }
    block.root.place = place;
    if (next != nullptr && next->kind == PartKind::Table) block.table = &next->table;
    if (next != nullptr && next->kind == PartKind::Prose && next->text.starts_with("|"))
      findings.add("E-PACK-112", line_place(file_, next->line),
                   {"这张表读不出：表头与分隔行的格数不同。",
                    "This table cannot be read: header and delimiter row differ in length."},
                   {"分隔行 |---|---| 的格数要与表头相同。",
                    "Give the delimiter row |---|---| as many cells as the header."});
    draft_.blocks.push_back(std::move(block));
  }

  Draft& draft_;
  Folder& folder_;
  std::size_t folder_index_;
  const SourceFile& file_;
  std::string clause_id_;
  bool in_summary_ = false;
};

std::string read_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot open " + path.string());
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

std::optional<std::string> clause_number(std::string_view word) {
  std::string out;
  if (!eat_chinese_number(word, out)) return std::nullopt;
  if (eat(word, "(") || eat(word, "（")) {
    out += '(';
    if (!eat_chinese_number(word, out)) return std::nullopt;
    if (!eat(word, ")") && !eat(word, "）")) return std::nullopt;
    out += ')';
  }
  while (!word.empty() && word[0] >= '0' && word[0] <= '9') out += word[0], word.remove_prefix(1);
  if (!word.empty()) return std::nullopt;
  return out;
}

void read_folder(Draft& draft, const std::string& path, Role role) {
  namespace fs = std::filesystem;
  const std::size_t index = draft.folders.size();
  Folder& folder = draft.folders.emplace_back();
  folder.path = path;
  folder.role = role;
  fs::path plain = fs::path(path).lexically_normal();
  if (!plain.has_filename()) plain = plain.parent_path();
  folder.name = plain.filename().string();

  std::vector<std::string> names;
  std::error_code failed;
  if (fs::is_directory(path, failed)) {
    for (fs::recursive_directory_iterator at(path), end; at != end; ++at) {
      if (at->path().filename().string().starts_with(".")) {  // editors' and version control's own
        if (at->is_directory()) at.disable_recursion_pending();
      } else if (at->is_regular_file() && at->path().extension() == ".md") {
        names.push_back(at->path().lexically_relative(path).generic_string());
      }
    }
  }
  std::sort(names.begin(), names.end());
  for (const std::string& name : names)
    folder.files.push_back(
        make_source_file((plain / name).generic_string(), name, read_bytes(fs::path(path) / name)));
  for (const SourceFile& file : folder.files) {
    draft.findings.clause.clear();
    if (!text::is_utf8(file.text)) {
      int line = 1;
      while (line < static_cast<int>(file.lines.size()) && text::is_utf8(file.line(line))) ++line;
      draft.findings.add("E-PACK-116", {.file = file.path, .line = line},
                         {"这个文件不是 UTF-8 编码，没有读。", "This file is not UTF-8 and was not read."},
                         {"在编辑器里另存为 UTF-8。", "Save it as UTF-8."});
      continue;
    }
    FileReader(draft, folder, index, file).read();
  }
  // The block of pack.md is the head; any other is one too many.
  for (const bool in_pack_md : {true, false})
    for (const RawBlock& block : draft.blocks)
      if (block.folder == index && block.kind == "pack" &&
          block.place.file.ends_with("/pack.md") == in_pack_md)
        read_head(draft, folder, block);
}

void read_head(Draft& draft, Folder& folder, const RawBlock& block) {
  Findings& findings = draft.findings;
  findings.clause.clear();
  if (folder.has_head) {
    findings
        .add("E-PACK-119", block.place,
             {"一个包只能有一个 pack 块。", "A pack has one block of kind pack only."},
             {"删去其中一个。", "Remove one of them."})
        .related.push_back({folder.head.place, {"第一个在这里", "the first is here"}});
    return;
  }
  folder.has_head = true;
  Keys keys(block.root, "pack", findings);
  note_key_places(draft, block.place, block.root);
  Head& head = folder.head;
  head.place = block.place;
  // An overlay or a folder of shared tables has no area, no validity and no rounding of its own; such a
  // folder may also be checked by itself, and is known by having none of them.
  bool is_policy = folder.role == Role::Main;
  if (is_policy) {
    is_policy = false;
    for (const char* key : {"document", "area", "valid_from", "valid_to", "rounding"})
      is_policy = is_policy || keys.has(key);
  }
  const Need need = is_policy ? Need::Required : Need::Optional;
  head.id = keys.text("id", Need::Required);
  head.name = keys.text("name", Need::Required);
  head.document = keys.text("document", need);
  head.area = keys.text("area", need);
  head.valid_from = keys.date("valid_from", need);
  head.valid_to = keys.date("valid_to", need);
  head.version = keys.text("version");
  head.replaces = keys.text("replaces");
  if (const auto rounding = keys.rounding("rounding", need)) head.rounding = *rounding;
  head.includes = keys.texts("includes");
  head.overlays = keys.text("revises");
  folder.is_revision = !head.overlays.empty();
  if (!folder.is_revision)
    head.overlays = keys.text("overlays", folder.role == Role::Overlay ? Need::Required : Need::Optional);
  head.mark = keys.text("mark");
  keys.text("note");
  // An overlay is taken for a sample unless it says that its values are published.
  const bool is_published = keys.boolean("published") || folder.is_revision;
  if (head.mark.empty() && folder.role == Role::Overlay && !is_published) head.mark = "样例参数";
  if (head.valid_from && head.valid_to && *head.valid_to < *head.valid_from)
    findings.add("E-PACK-219", keys.place_of("valid_to"),
                 {"valid_to 早于 valid_from，这个包在任何一天都无效。",
                  "valid_to is before valid_from: the pack is never in force."},
                 {"核对两个日期。", "Check both dates."});
  keys.finish();
}

}  // namespace tenglong::pack
