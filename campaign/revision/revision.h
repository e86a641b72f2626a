// 修订: blocks of the pack are drafted anew by one, sent, approved by another, and hold from a day on.
//
// In:    the blocks in force as they are written, who does what and when, what the reader of packs says of a
//        draft. Out: the revision to keep next, or every reason against it; what it changes; the files of the
//        overlay that it is.
// Order: parts as they were taken in; changes as they stand in the text.
// Never: judges a value: whoever reads packs does; lets one approve what the same one wrote; reaches back
//        into a year that is published; reads a clock.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/calendar/date.h"
#include "engine/diagnostic/diagnostic.h"

namespace tenglong::revision {

// One block: as it stood when it was taken in, and as it shall be.
struct Part {
  std::string kind = {}, id = {}, name = {};
  std::string base = {}, text = {};
  bool is_changed() const { return base != text; }
};

enum class Stage { Draft, Proposed, Approved, Returned, Withdrawn };
const char* to_text(Stage stage);  // draft

struct Revision {
  std::string id = {};  // 1, 2, ...
  std::string name = {};
  std::string based_on = {};  // fingerprint of the pack whose blocks it took in
  Stage stage = Stage::Draft;
  std::string started_by = {}, started_at = {};
  std::vector<std::string> editors = {};  // whoever wrote in it; none of them approves it
  std::string edited_at = {};
  std::string note = {}, sent_by = {}, sent_at = {};
  std::string document = {}, effective = {};  // of the approval: 样例文件〔2024〕1号, 2024-01-01
  std::string decided_by = {}, decided_at = {}, reason = {};
  std::vector<Part> parts = {};

  bool is_open() const { return stage == Stage::Draft || stage == Stage::Returned; }
  const Part* part(std::string_view kind, std::string_view id) const;
};

// What is kept of one; reads what it writes.
std::string to_text(const Revision& revision);
std::optional<Revision> revision_of(std::string_view text);

struct Act {
  std::string by, at;
};
struct Decision {
  Revision revision = {};
  diagnostic::Diagnostics refused_because = {};
  bool is_granted() const { return refused_because.empty(); }
};

// E-REVISION-101 no name, 102 no block.
Decision start(std::string id, std::string_view name, std::string based_on, std::vector<Part> parts,
               const Act& act);
// E-REVISION-103 not open any more, 104 the text holds invisible characters or is too long, 105 no such
// block, 106 the block is in it already.
Decision rename(Revision revision, std::string_view name, const Act& act);
Decision write(Revision revision, std::string_view kind, std::string_view id, std::string text,
               const Act& act);
Decision take_in(Revision revision, Part part, const Act& act);
Decision leave_out(Revision revision, std::string_view kind, std::string_view id, const Act& act);
// `findings`: what the reader says of it that it does not say of the pack in force; they hold it back.
// E-REVISION-107 nothing is changed; 103.
Decision send(Revision revision, std::string_view note, const diagnostic::Diagnostics& findings,
              const Act& act);
// By whoever sent it, before it is decided. E-REVISION-108.
Decision recall(Revision revision, const Act& act);

// What stands now, when a revision is decided.
struct Standing {
  std::vector<Part> now = {};                       // the same blocks as they are in force; kind, id, text
  std::optional<calendar::Date> latest = {};        // from when the latest approved one holds
  std::optional<calendar::Date> published_to = {};  // the last day of the latest published year
  diagnostic::Diagnostics findings = {};            // as for send
};
// E-REVISION-109 nothing waits, 110 by one who wrote in it, 111 no document, 112 no day, or one too early,
// 113 a block has been changed by another revision since.
Decision approve(Revision revision, std::string_view document, std::string_view effective,
                 const Standing& standing, const Act& act);
// E-REVISION-109, 114 without a reason.
Decision give_back(Revision revision, std::string_view reason, const Act& act);
Decision withdraw(Revision revision, const Act& act);  // 103

// One value that differs. Empty `before` or `after`: it was not, or is not there.
struct Change {
  std::string kind = {}, id = {}, name = {};  // of the block
  std::string where = {};                     // of a list or a table, the first word of the row: 亩均税收
  std::string key = {};                       // weight, cuts.A, the head of the column
  std::string before = {}, after = {};
};
std::vector<Change> changes_of(const Revision& revision);

// By which word the store keeps one: revision.1; they are numbered without holes.
std::string setting_of(std::string_view id);
inline constexpr const char* kFolder = "revisions";

// The files of the overlay, by name. `pack_id`: the pack that it revises.
std::vector<std::pair<std::string, std::string>> files_of(const Revision& revision,
                                                          const std::string& pack_id);
// The file in which a part stands: scheme-trial.md.
std::string file_of(const Part& part);
// Writes them under FOLDER/revisions/, and takes away what is no longer one; returns the folder.
std::string keep_files(const std::string& folder, const Revision& revision, const std::string& pack_id);

// Where what was filled of the gaps lies for the pack with this revision; campaign/gap writes it.
std::string filled_with(const std::string& folder, std::string_view id);

// The approved ones in a folder of data that revise this pack, in the order in which they hold.
struct Kept {
  std::string id = {}, folder = {};
  calendar::Date from = {};
};
std::vector<Kept> approved_in(const std::string& folder, const std::string& pack_id);

// A block of a draft that is no longer the block it was: E-REVISION-115, at the first line of its file.
diagnostic::Diagnostics strayed(const Part& part, const std::string& file);

}  // namespace tenglong::revision
