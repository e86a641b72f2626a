#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>

#include "engine/fingerprint/fingerprint.h"
#include "engine/pack/inside/draft.h"

namespace tenglong::pack {
namespace {

using diagnostic::Place;

std::string sibling(const std::string& folder, const std::string& name) {
  const std::filesystem::path plain = std::filesystem::path(folder).lexically_normal();
  const std::filesystem::path own = plain.has_filename() ? plain : plain.parent_path();
  return (own.parent_path() / name).generic_string();
}

// Included folders come before the pack that includes them, each once.
void read_includes(Draft& draft, const std::string& of_folder, const Head& head,
                   std::set<std::string>& seen) {
  for (const std::string& name : head.includes) {
    const std::string path = sibling(of_folder, name);
    if (!seen.insert(path).second) continue;
    std::error_code failed;
    if (!std::filesystem::is_directory(path, failed)) {
      draft.findings.clause.clear();
      draft.findings.add("E-PACK-121", place_of_key(draft, head.place, "includes", name),
                         {"要包含的包“" + name + "”不在 " + path + "。",
                          "The included pack \"" + name + "\" is not at " + path + "."},
                         {"核对 includes 里的文件夹名。", "Check the folder name in includes."});
      continue;
    }
    const std::size_t index = draft.folders.size();
    read_folder(draft, path, Role::Included);
    read_includes(draft, path, draft.folders[index].head, seen);
  }
}

bool names_this(const std::string& wanted, const Folder& main) {
  auto plain = [](std::string text) {
    std::replace(text.begin(), text.end(), '-', '_');
    return text;
  };
  return plain(wanted) == plain(main.name) || plain(wanted) == plain(main.head.id);
}

void read_overlay(Draft& draft, const std::string& path) {
  const std::size_t index = draft.folders.size();
  read_folder(draft, path, Role::Overlay);
  const Folder& overlay = draft.folders[index];
  const Folder& main = draft.folders.front();
  draft.findings.clause.clear();
  if (!overlay.has_head) {
    draft.findings.add("E-PACK-101", {.file = path},
                       {"文件夹 " + path + " 里没有 pack 块，不能作覆盖包。",
                        "The folder " + path + " has no pack block and is no overlay."},
                       {"写一个 pack.md，其中 overlays: " + main.name + "。",
                        "Write a pack.md with overlays: " + main.name + "."});
    return;
  }
  if (!overlay.head.overlays.empty() && !names_this(overlay.head.overlays, main))
    draft.findings.add(
        "E-PACK-121", place_of_key(draft, overlay.head.place, "overlays"),
        {"这个覆盖包是给“" + overlay.head.overlays + "”的，不是给“" + main.name + "”的。",
         "This overlay is for \"" + overlay.head.overlays + "\", not for \"" + main.name + "\"."},
        {"换一个覆盖包，或改 overlays。", "Use another overlay, or correct overlays."});
  draft.pack.overlays.push_back(overlay.head);
}

// What a later document may say anew. Registers, rights and how files are read stay those of the pack.
constexpr const char* kRevised[] = {"codes",  "parameter", "indicator",  "decision",   "scheme",
                                    "roster", "target",    "simulation", "collection", "question"};

std::string id_of(const RawBlock& block) {
  for (const YamlEntry& entry : block.root.entries)
    if (entry.key == "id") return entry.value.scalar;
  return {};
}

// Each block of a revision takes the place of the one of its kind and id; the clause and the order stay.
void put_revisions_in_place(Draft& draft) {
  for (RawBlock& block : draft.blocks) {
    if (block.role != Role::Overlay || !draft.folders[block.folder].is_revision || block.kind == "pack" ||
        block.kind == "fill")
      continue;
    draft.findings.clause = block.clause_id;
    if (std::find(std::begin(kRevised), std::end(kRevised), block.kind) == std::end(kRevised)) {
      draft.findings.add("E-PACK-119", block.place,
                         {"修订不能改 " + block.kind + " 块：台账、权限和读法照原包。",
                          "A revision cannot change a block of kind " + block.kind +
                              ": registers, rights and readings stay those of the pack."},
                         {"删去这一块；要改它，改原包。", "Remove it; change the pack itself."});
      block.kind.clear();
      continue;
    }
    const std::string id = id_of(block);
    const auto stood = std::find_if(draft.blocks.begin(), draft.blocks.end(), [&](const RawBlock& one) {
      return one.role != Role::Overlay && one.kind == block.kind && id_of(one) == id;
    });
    if (stood == draft.blocks.end()) {
      std::vector<std::string> ids;
      for (const RawBlock& one : draft.blocks)
        if (one.role != Role::Overlay && one.kind == block.kind) ids.push_back(id_of(one));
      draft.findings.add(
          "E-PACK-126", place_of_key(draft, block.place, "id"),
          {"原包里没有 " + block.kind + " “" + id + "”，修订只改原包有的块。",
           "The pack has no " + block.kind + " \"" + id + "\"; a revision changes blocks that are there."},
          near_or_list(id, ids));
    } else {
      stood->root = std::move(block.root);
      stood->table = block.table;
      stood->place = block.place;
      stood->folder = block.folder;
    }
    block.kind.clear();
  }
  std::erase_if(draft.blocks, [](const RawBlock& block) { return block.kind.empty(); });
  draft.findings.clause.clear();
}

using Reader = void (*)(Draft&, const RawBlock&);
const std::pair<const char*, Reader> kReaders[] = {
    {"access", read_access},         {"clause", read_clause},     {"question", read_question},
    {"codes", read_codes},           {"register", read_register}, {"parameter", read_parameter},
    {"indicator", read_indicator},   {"decision", read_decision}, {"scheme", read_scheme},
    {"roster", read_roster},         {"target", read_target},     {"cases", read_cases},
    {"simulation", read_simulation}, {"intake", read_intake},     {"collection", read_collection},
    {"identity", read_identity},     {"rollup", read_rollup}};

void read_block(Draft& draft, const RawBlock& block) {
  if (block.kind == "pack") return;
  if (block.role == Role::Overlay) {
    if (block.kind == "fill") return;  // after every parameter
    draft.findings.clause = block.clause_id;
    draft.findings.add(
        "E-PACK-119", block.place,
        {"覆盖包只能补缺口，不能有 " + block.kind + " 块。",
         "An overlay fills gaps and nothing else; it cannot hold a block of kind " + block.kind + "."},
        {"把它移到原包，或删去。", "Move it to the pack, or remove it."});
    return;
  }
  if (block.kind == "fill") {
    draft.findings.clause = block.clause_id;
    draft.findings.add(
        "E-PACK-119", block.place, {"fill 块只能写在覆盖包里。", "A fill block belongs to an overlay only."},
        {"原包里直接在参数表写值。", "In the pack itself, write the value into the parameter's table."});
    return;
  }
  for (const auto& [kind, read] : kReaders)
    if (block.kind == kind) read(draft, block);
}

// "indicator 亩均税收" under its clause, in the order of the text.
void note_what_clauses_carry(Draft& draft) {
  for (const RawBlock& block : draft.blocks) {
    if (block.role != Role::Main || block.kind == "clause" || block.kind == "pack" || block.kind == "fill")
      continue;
    const auto clause = std::find_if(draft.pack.clauses.begin(), draft.pack.clauses.end(),
                                     [&](const Clause& one) { return one.id == block.clause_id; });
    std::string name;
    for (const YamlEntry& entry : block.root.entries)
      if (entry.key == "name") name = entry.value.scalar;
    std::vector<std::string>& list =
        clause == draft.pack.clauses.end() ? draft.pack.outside_clauses : clause->carries_out;
    list.push_back(block.kind + " " + name);
  }
}

std::string fingerprint_of(const Draft& draft) {
  std::vector<std::pair<std::string, const SourceFile*>> files;
  for (const Folder& folder : draft.folders)
    for (const SourceFile& file : folder.files) files.emplace_back(folder.name + "/" + file.name, &file);
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  fingerprint::Digest digest;
  digest.field("tenglong pack 1");
  for (const auto& [name, file] : files) digest.field(name).field(file->text);
  return digest.hex();
}

}  // namespace

bool read_draft(Draft& draft, const std::string& path, const std::vector<std::string>& overlays) {
  read_folder(draft, path, Role::Main);
  Folder& main = draft.folders.front();
  if (!main.has_head) {
    const bool exists = std::filesystem::is_directory(path);
    draft.findings.clause.clear();
    draft.findings.add(
        "E-PACK-101", {.file = path},
        exists ? text::Words{"文件夹 " + path + " 里没有 pack 块，不知道这是什么政策。",
                             "The folder " + path + " has no pack block: nobody knows which policy it is."}
               : text::Words{"没有文件夹 " + path + "。", "There is no folder " + path + "."},
        exists ? text::Words{"写一个 pack.md，开头是 ```yaml pack。",
                             "Write a pack.md that begins with ```yaml pack."}
               : text::Words{"核对路径。", "Check the path."});
    return false;
  }
  if (!main.head.overlays.empty()) {
    draft.findings.clause.clear();
    draft.findings.add(
        "E-PACK-121", place_of_key(draft, main.head.place, "overlays"),
        {"这是给“" + main.head.overlays + "”的覆盖包，不能单独读。",
         "This is an overlay for \"" + main.head.overlays + "\" and cannot be read by itself."},
        {"先给原包的文件夹，再给这个文件夹。", "Give the folder of that pack first, then this one."});
    return false;
  }
  draft.pack.head = main.head;
  std::set<std::string> seen = {sibling(path, main.name)};
  read_includes(draft, path, Head(main.head), seen);
  for (const std::string& overlay : overlays) read_overlay(draft, overlay);

  // Shared tables first, then the pack, then what fills its gaps.
  std::stable_sort(draft.blocks.begin(), draft.blocks.end(),
                   [](const RawBlock& a, const RawBlock& b) { return a.role < b.role; });
  put_revisions_in_place(draft);
  for (const RawBlock& block : draft.blocks) read_block(draft, block);
  for (const RawBlock& block : draft.blocks)
    if (block.kind == "fill" && block.role == Role::Overlay) read_fill(draft, block);
  note_what_clauses_carry(draft);
  check_names(draft);
  check_intakes(draft);
  check_rollups(draft);
  check_citations(draft);
  resolve_expressions(draft);
  check_schemes(draft);
  check_decision_tables(draft);
  order_indicators(draft);

  draft.pack.fingerprint = fingerprint_of(draft);
  return true;
}

ReadPack read_pack(const std::string& path, const std::vector<std::string>& overlays) {
  Draft draft;
  const bool is_pack = read_draft(draft, path, overlays);
  diagnostic::sort_by_place(draft.findings.all);
  ReadPack out;
  out.diagnostics = std::move(draft.findings.all);
  if (is_pack) out.pack = std::move(draft.pack);
  return out;
}

}  // namespace tenglong::pack
