// One function a command. Each prints to standard output what was asked for, to standard error what went on.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/inside/session.h"

namespace tenglong::cli {

struct CheckOptions {
  bool cases = true;
};
struct ImportOptions {
  std::vector<std::string> files = {};
  std::string provider = {}, register_id = {}, document = {}, mark = {}, submitter = {};
  std::string problems = {};  // folder for the senders' workbooks with a 问题 column
  bool dry_run = false;
  bool accept_unusual = false;
  bool is_new_provider = false;  // its name is like that of a unit that is known, and it is another one
  int sure_names = 0;            // intake::Options::sure_name; 0: as the pack says
  bool is_preliminary = false;
  std::string effective = {};
  std::vector<std::string> map = {};  // 表头=字段, C=字段, 表头= (not read)
  bool preview = false;
};
struct ExplainOptions {
  std::string key = {};
  std::string only = {};     // an indicator, scheme or roster
  std::string list = {};     // a roster
  std::string target = {};   // P02
  std::string why_not = {};  // a roster, decision or scheme
  std::string cut = {}, of = {};
  int top = 10;
  bool all = false;
};
struct ExportOptions {
  std::string folder = {};  // default: the data folder
};
struct SampleOptions {
  std::int64_t firms = 2000;
  std::uint64_t seed = 2021;
  std::string folder = {};  // default: <data>/sample
};
struct DistrictOptions {
  SampleOptions sample = {};
  bool fresh = false;
};
struct ServeOptions {
  int port = 0;  // 0: 8020 or the next free one
  std::string address = "127.0.0.1";
  std::string tls_cert = {}, tls_key = {};
  std::string web = "web/dist";
  std::string log = {};
};
struct InspectOptions {
  std::string stage = {};
  std::string enterprise = {}, expression = {};
};
struct FeelOptions {
  std::string expression = {};  // -: standard input
  std::string context = {};     // file of a JSON object
  std::string now = {};         // what now() and today() are; else null
  bool types = false;
};
struct TrailExportOptions {
  std::string file = {};
  std::int64_t from = 1;
};
struct TrailShowOptions {
  std::int64_t last = 20;
};
struct MigrateOptions {
  std::string from = {};  // folder of the pack under which the data was entered
  bool apply = false;
};
struct CheckDataOptions {
  std::vector<std::string> registers = {};  // ids; none: all
  std::string on = {};                      // the day that codes without a date of their own are judged by
  std::int64_t most = 20;                   // findings of one kind that are shown; 0: all
};
struct MetersOptions {
  std::string file = {}, kind = {};
};
struct StoreCopyOptions {
  std::string from = {};  // default: --data
  std::string to = {};
};
struct ExtractOptions {
  std::string register_id = {}, where = {}, to = {}, mark = {};
  std::vector<std::string> fields = {}, sort = {};
  bool is_template = false;
};
struct DmnAskOptions {
  std::string file = {}, name = {}, inputs = {};
};
struct DmnImportOptions {
  std::string file = {}, into = {};
  bool replace = false;
};
struct DmnExportOptions {
  std::string decision = {};  // id or name
  std::string to = {};        // file; empty: standard output
};

struct SimulateOptions {
  std::vector<std::string> set = {};
  std::vector<std::string> with = {};  // another pack in place of this one: its folder, then its overlays
  std::string variants = {};           // file
  std::string sweep = {}, seek = {}, goal = {};
  std::string from = {}, to = {}, step = {};
  bool largest = false;
  std::size_t robust = 0;  // vectors
  std::uint64_t seed = 1;
  int threads = 1;
  bool close = false;
  std::string scheme = {};
};
struct RiseOptions {
  std::string key = {}, scheme = {};
  std::vector<std::string> costs = {}, minimums = {}, maximums = {};  // 用地面积=30
};
struct ImpactOptions {
  std::string register_id = {}, key = {}, field = {}, value = {};
};

struct BackupOptions {
  std::string to = {};
  int keep = 0;
};
struct RestoreOptions {
  std::string from = {}, to = {};
};
struct DrillOptions {
  std::string from = {};
};

Exit check(Session& session, const CheckOptions& options);
Exit import_files(Session& session, const ImportOptions& options);
Exit run(Session& session);
Exit explain(Session& session, const ExplainOptions& options);
Exit roster(Session& session, const std::string& name);
Exit target(Session& session, const std::string& id);
Exit export_results(Session& session, const ExportOptions& options);
Exit sample(Session& session, const SampleOptions& options);
Exit district(Session& session, const DistrictOptions& options);
Exit inspect(Session& session, const InspectOptions& options);
Exit simulate_changes(Session& session, const SimulateOptions& options);
Exit robustness(Session& session, const SimulateOptions& options);
Exit close_to_lines(Session& session, const SimulateOptions& options);
Exit rise(Session& session, const RiseOptions& options);
Exit impact(Session& session, const ImpactOptions& options);
Exit serve(Session& session, const ServeOptions& options);
Exit openapi(Session& session);
Exit feel(const Common& common, const FeelOptions& options);
Exit extract_register(Session& session, const ExtractOptions& options);
Exit migrate(Session& session, const MigrateOptions& options);
Exit check_data(Session& session, const CheckDataOptions& options);
Exit spans_in_force(Session& session, const std::string& register_id, const std::string& on);
// `keep_in`: the file itself is handed in too; null: it is only named.
Exit attachment_text(const Common& common, const std::string& file, Session* keep_in = nullptr);
struct OpenAttachment {
  std::string register_id = {}, key = {}, period = {}, field = {}, out = {};
};
Exit unnamed_attachments(Session& session, const std::vector<std::string>& removed);
Exit open_attachment(Session& session, const OpenAttachment& wanted);
Exit access_rights(Session& session, bool as_csv);
Exit back_up(Session& session, const BackupOptions& options);
Exit restore(Session& session, const RestoreOptions& options);
Exit drill(Session& session, const DrillOptions& options);
Exit meters_import(Session& session, const MetersOptions& options);
Exit meters_roll_up(Session& session);
Exit store_contents(Session& session);
Exit store_copy(Session& session, const StoreCopyOptions& options);
Exit trail_key(Session& session);
Exit trail_head(Session& session);
Exit trail_export(Session& session, const TrailExportOptions& options);
Exit trail_show(Session& session, const TrailShowOptions& options);
Exit dmn_check(const Common& common, const std::string& file);
Exit dmn_ask(const Common& common, const DmnAskOptions& options);
Exit dmn_import(const Common& common, const DmnImportOptions& options);
Exit dmn_export(const Common& common, const DmnExportOptions& options);

// Shared by run and district: the one-page summary.
std::string summary(Session& session);
// Writes 区县评价结果.xlsx and 评价说明.md; the two paths.
std::pair<std::string, std::string> write_reports(Session& session, const std::string& folder);

}  // namespace tenglong::cli
