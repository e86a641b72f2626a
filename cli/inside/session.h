// What every command needs: the language, the pack, the data folder, the snapshot and the result, each opened
// once.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "campaign/access/access.h"
#include "engine/column/column.h"
#include "engine/pack/pack.h"
#include "engine/result/result.h"
#include "engine/text/text.h"
#include "store/store.h"

namespace tenglong::cli {

using text::Language;

// What the shell learns.
enum class Exit { Ok = 0, Findings = 1, Usage = 2, Outside = 3, Bug = 4 };

struct Common {
  std::string pack = "packs/dinghai-2021";
  std::vector<std::string> overlays = {};
  std::string data = "data";  // a folder, or the address of a database
  std::string files = {};     // folder of keys, reports and samples; default: the data folder
  std::string period = {};
  std::string as = {};  // account; empty: the operator of the machine, who may do everything
  Language language = Language::Chinese;
  bool json = false;
  bool quiet = false;
  std::string folder() const;  // where files go that are not in the database
};

// A sentence in the language of the session.
std::string say(Language language, const char* zh, const char* en);
std::string now_text();  // local time with offset, for batches and results
calendar::Date today();

class Session {
 public:
  explicit Session(Common common) : common_(std::move(common)) {}
  const Common& common() const { return common_; }
  Language language() const { return common_.language; }

  // Reads and checks; prints findings to standard error. Null if the pack cannot run.
  const pack::Pack* pack();
  store::Store& store();  // within the scope of --as
  // For evaluation itself and for what asks who one is; never for what is shown.
  store::Store& whole_store();
  // What --as may see and do, from the pack's rights and the kept accounts. Mistakes of either are printed;
  // the scope then reaches nothing.
  const access::Policy& policy();
  const access::Scope& scope();
  // Throws a refusal unless the scope reaches every firm's result of the period.
  void require_sight_of_results(const calendar::Period& at);
  const column::Snapshot& snapshot();  // of the whole district, for evaluation
  // What the snapshot shows: everything, or a locked year with its corrections.
  const registers::View& view() { return snapshot(), view_; }
  // The period asked for, else the latest year that has data; nullopt if there is none.
  std::optional<calendar::Period> period();
  // The result of this pack, snapshot and period: kept if known, else run and kept.
  const result::Result& result();
  // The result of the period before, for trends; null if it has no data.
  const result::Result* previous();
  // Forgets snapshot and result after an import.
  void data_changed();

 private:
  Common common_;
  void take_revisions();
  // `as_it_came_`: what store and snapshot were opened with, where revisions hold on the period.
  std::optional<pack::ReadPack> read_, as_it_came_;
  std::unique_ptr<store::Store> whole_store_, store_;
  std::optional<access::Policy> policy_;
  std::optional<access::Scope> scope_;
  std::optional<column::Snapshot> snapshot_;
  registers::View view_;
  std::optional<result::Result> result_;
  std::optional<result::Result> previous_;
};

void print_diagnostics(const diagnostic::Diagnostics& diagnostics, const Common& common);

// A run needs data; says what to do if there is none.
bool has_data(Session& session);

}  // namespace tenglong::cli
