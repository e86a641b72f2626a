#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "verify/bytes.h"
#include "verify/verify.h"

namespace tenglong_verify {

namespace {

class Statement {
 public:
  Statement(sqlite3* database, const char* sql) {
    if (sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr) != SQLITE_OK)
      throw std::runtime_error(std::string("this is no Tenglong database: ") + sqlite3_errmsg(database));
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  Statement& bind(int at, std::string_view text) {
    sqlite3_bind_text(statement_, at, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    return *this;
  }
  Statement& bind(int at, std::int64_t number) {
    sqlite3_bind_int64(statement_, at, number);
    return *this;
  }
  bool step() {
    const int code = sqlite3_step(statement_);
    if (code != SQLITE_ROW && code != SQLITE_DONE) throw std::runtime_error("the database cannot be read on");
    return code == SQLITE_ROW;
  }
  std::string text(int column) {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return data ? std::string(data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)))
                : std::string();
  }
  std::int64_t number(int column) { return sqlite3_column_int64(statement_, column); }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

// What the last event about an object says its content is.
using Said = std::map<std::pair<std::string, std::string>, std::pair<std::string, std::int64_t>>;

class Area {
 public:
  Area(sqlite3* database, std::string area, const std::optional<std::string>& trusted_key, Report& report)
      : database_(database), area_(std::move(area)), trusted_key_(trusted_key), report_(report) {}

  void check() {
    events();
    nodes();
    heads();
    batches();
    plain("setting", "select name, value from setting where area = ?1");
    plain("mapping",
          "select provider || '/' || register_id || '/' || header_fingerprint, columns from mapping where "
          "area = ?1");
    plain("result", "select fingerprint, encoded from result where area = ?1");
    beside("result", "fingerprint", {"period", "taken_at", "ordinal"});
    columns(
        "confirmation", "number",
        "area, number, register_id, period, field, provider, verdict, reason, fingerprint, records, done_by, "
        "done_at");
    columns(
        "locked_snapshot", "period || '/' || number",
        "area, period, number, through_batch, also, fingerprint, exceptions, correction, done_by, done_at");
    columns("correction", "number",
            "area, number, register_id, record_key, period, field, from_value, to_value, reason, evidence, "
            "impact, "
            "stage, proposed_by, proposed_at, decided_by, decided_at, why, batch");
    columns("reminder", "unit || '/' || day", "area, unit, day, letter, done_by, done_at");
    columns("identity_event", "number",
            "kind, day, from_codes, to_codes, before, after, document, done_by, done_at");
    if (has_column("record_state", "area"))
      plain("record_state", "select register_id || '/' || period, state from record_state where area = ?1");
    columns("account", "id", "area, id, name, unit, roles, towns, firms, is_disabled");
    columns("consent", "ordinal", "area, ordinal, firm, unit, from_day, to_day, withdrawn");
    columns("credential", "account",
            "area, account, password, second_factor, last_step, recovery, reset_asked_by, must_change");
    columns("identity_decision", "replace(writing, char(31), '/') || '/' || enterprise",
            "writing, enterprise, name, code, verdict, reason, done_by, done_at");
    beside("identity_decision", "replace(writing, char(31), '/') || '/' || enterprise", {"ordinal"});
    meter_loads();
    kept_files();
    for (const auto& [object, said] : said_)
      if (!met_.contains(object) && !(object.first == "kept_file" && said.first.empty()))
        tell(object.first + " " + object.second,
             "留痕第 " + std::to_string(said.second) + " 条记着它，库里没有了。",
             "Event " + std::to_string(said.second) + " speaks of it, and it is gone.");
  }

 private:
  void tell(std::string place, std::string zh, std::string en) {
    report_.findings.push_back({std::move(place), std::move(zh), std::move(en)});
  }

  void events() {
    Statement rows(database_, "select number, encoded from trail_event where area = ?1 order by number");
    rows.bind(1, area_);
    while (rows.step()) {
      const std::int64_t expected = tree_.size() + 1;
      const std::string place = "event " + std::to_string(expected), bytes = rows.text(1);
      std::size_t broken_at = 0;
      const auto event = read_event(bytes, broken_at);
      if (!event) {
        tell(place, "内容在第 " + std::to_string(broken_at) + " 字节处不合规定。",
             "Its content breaks the form at byte " + std::to_string(broken_at) + ".");
      } else if (event->number != rows.number(0) || event->number != expected || event->area() != area_) {
        tell(place, "序号或区划不对：缺、多、换了次序或换了地方。",
             "Its number or area is wrong: missing, added or moved.");
      } else {
        // Several at once: what each of them is stands in the details.
        const bool is_of_several = event->kind() == "accounts" || event->kind() == "consents";
        // Sessions come and go; that one began is all there is to say of it.
        const bool stays = event->kind() != "session";
        if (!is_of_several && stays) {
          said_[{event->kind(), event->object()}] = {event->after(), event->number};
          details_[{event->kind(), event->object()}] = event->details;
        }
        // The approval of a correction is told of its batch; it says what it made of the correction and the
        // snapshots.
        for (const auto& [name, value] : event->details) {
          if (name == "correction_digest")
            said_[{"correction", event->details.at("correction")}] = {value, event->number};
          for (const char* each : {"account", "consent"})
            if (is_of_several && name.starts_with(std::string(each) + " "))
              said_[{each, name.substr(8)}] = {value, event->number};
          if (name.starts_with("setting ")) said_[{"setting", name.substr(8)}] = {value, event->number};
          if (name.starts_with("snapshot "))
            said_[{"locked_snapshot", name.substr(9)}] = {value, event->number};
          if (name.starts_with("record_state "))
            said_[{"record_state", name.substr(13)}] = {value, event->number};
        }
      }
      tree_.add(leaf_of(bytes));
      for (const auto& [level, hash] : tree_.completed()) nodes_[{level, (tree_.size() >> level) - 1}] = hash;
      roots_[tree_.size()] = tree_.root();
      ++report_.events;
    }
    roots_[0] = sm3("");
    report_.root = hex(tree_.root());
  }

  void nodes() {
    Statement rows(database_, "select level, position, hash from trail_node where area = ?1");
    rows.bind(1, area_);
    std::size_t met = 0;
    while (rows.step()) {
      const auto level = static_cast<int>(rows.number(0));
      const std::string place = "node " + std::to_string(level) + "/" + std::to_string(rows.number(1));
      const auto found = nodes_.find({level, rows.number(1)});
      if (found == nodes_.end()) {
        tell(place, "这个节点下面没有这些留痕。", "There are no events below this node.");
        continue;
      }
      ++met;
      if (hex(rows.text(2)) == hex(found->second)) continue;
      // A leaf tells which event it was; a higher node which range.
      const std::int64_t first = (rows.number(1) << level) + 1, last = (rows.number(1) + 1) << level;
      tell(level == 0 ? "event " + std::to_string(first) : place,
           "第 " + std::to_string(first) + (first == last ? "" : "–" + std::to_string(last)) +
               " 条留痕与当时的散列不符。",
           "Events " + std::to_string(first) + ".." + std::to_string(last) +
               " do not agree with the hash kept then.");
    }
    if (met < nodes_.size())
      tell("node", "少了 " + std::to_string(nodes_.size() - met) + " 个节点。",
           std::to_string(nodes_.size() - met) + " nodes are missing.");
  }

  void heads() {
    Statement rows(
        database_,
        "select size, at, key_id, root, signature, public_key from trail_head where area = ?1 order by size");
    rows.bind(1, area_);
    while (rows.step()) {
      ++report_.heads;
      Head head{.size = rows.number(0), .area = area_, .at = rows.text(1), .key_id = rows.text(2)};
      const std::string root = rows.text(3), place = "head " + std::to_string(head.size);
      if (root.size() == 32)
        for (std::size_t i = 0; i < 32; ++i) head.root[i] = static_cast<unsigned char>(root[i]);
      const std::string key = trusted_key_ ? *trusted_key_ : rows.text(5);
      if (!is_plain_key(rows.text(5)) || key_id_of(key) != head.key_id ||
          !is_signed(head_bytes(head), rows.text(4), key))
        tell(place, "签名不成立。", "The signature does not hold.");
      const auto found = roots_.find(head.size);
      if (found == roots_.end())
        tell(place,
             "签名时有 " + std::to_string(head.size) + " 条，现在只有 " + std::to_string(tree_.size()) +
                 " 条：尾部被截去。",
             "There were " + std::to_string(head.size) + " events when it was signed, and are " +
                 std::to_string(tree_.size()) + ": the end was cut off.");
      else if (found->second != head.root)
        tell(place, "前 " + std::to_string(head.size) + " 条留痕与签过名的根不符。",
             "The first " + std::to_string(head.size) + " events do not agree with the signed root.");
    }
  }

  void compare(const std::string& kind, const std::string& object, const Hash& content,
               const std::string& zh_where) {
    ++report_.objects;
    met_.insert({kind, object});
    const auto found = said_.find({kind, object});
    const std::string place = kind + " " + object;
    if (found == said_.end())
      tell(place, "没有一条留痕说过它" + zh_where + "：绕过程序加的。",
           "No event speaks of it: it was put in behind the program's back.");
    else if (found->second.first != hex(content))
      tell(place,
           "内容与留痕第 " + std::to_string(found->second.second) + " 条记的不符" + zh_where +
               "：事后被改过。",
           "Its content is not what event " + std::to_string(found->second.second) +
               " says: it was changed afterwards.");
  }

  void batches() {
    // Before there were sources, the order within a batch was that of the file.
    const bool has_sources = has_column("statement", "ordinal");
    Statement rows(database_,
                   (std::string("select id, register_id, provider, submitter, received_at, file_name, "
                                "file_fingerprint, document, mark, rows_read, rows_accepted, rows_refused") +
                    (has_sources ? ", source, is_preliminary, reason" : ", 'file', 0, ''") +
                    " from batch where area = ?1 order by id")
                       .c_str());
    Statement statements(
        database_,
        (std::string("select batch, register_id, record_key, period, sheet, row, payload, ") +
         (has_sources ? "effective, ordinal from statement where area = ?1 order by batch, ordinal, rowid"
                      : "'', 0 from statement where area = ?1 order by batch, rowid"))
            .c_str());
    rows.bind(1, area_);
    statements.bind(1, area_);
    bool has_statement = statements.step();
    const auto strays_before = [&](std::int64_t batch) {
      for (std::int64_t told = -1; has_statement && statements.number(0) < batch;
           has_statement = statements.step()) {
        if (statements.number(0) == told) continue;
        told = statements.number(0);
        tell("batch " + std::to_string(told), "有语句而没有这一批。",
             "There are statements of it, and no batch.");
      }
    };
    while (rows.step()) {
      const std::int64_t id = rows.number(0);
      strays_before(id);
      Sm3 digest;
      std::int64_t place = 0;
      for (; has_statement && statements.number(0) == id; has_statement = statements.step()) {
        if (has_sources && statements.number(8) != ++place) {
          tell("batch " + std::to_string(id),
               "语句的次序不连续：应为 " + std::to_string(place) + "，记为 " +
                   std::to_string(statements.number(8)) + "。",
               "The order of its statements is broken: " + std::to_string(place) + " expected, " +
                   std::to_string(statements.number(8)) + " found.");
          place = statements.number(8);
        }
        for (int i = 1; i <= 4; ++i) digest.counted(statements.text(i));
        digest.number(statements.number(5)).counted(statements.text(6));
        if (!statements.text(7).empty()) digest.number(-1).counted(statements.text(7));
      }
      for (int i = 1; i <= 8; ++i) digest.counted(rows.text(i));
      for (int i = 9; i <= 11; ++i) digest.number(rows.number(i));
      if (rows.text(12) != "file" || rows.number(13) != 0 || !rows.text(14).empty())
        digest.number(-1).counted(rows.text(12)).number(rows.number(13) != 0 ? 1 : 0).counted(rows.text(14));
      compare("batch", std::to_string(id), digest.finish(), "（" + rows.text(2) + "，" + rows.text(5) + "）");
    }
    strays_before(INT64_MAX);
  }

  bool has_column(const char* table, const char* column) {
    Statement found(database_, "select 1 from pragma_table_info(?1) where name = ?2");
    return found.bind(1, table).bind(2, column).step();
  }

  void plain(const std::string& kind, const char* sql) {
    Statement rows(database_, sql);
    rows.bind(1, area_);
    while (rows.step()) compare(kind, rows.text(0), sm3(rows.text(1)), "");
  }

  // Readings of meters, load by load.
  void meter_loads() {
    if (!has_column("meter_load", "area")) return;
    Statement loads(database_,
                    "select id, kind, file_name, file_fingerprint, readings from meter_load where area = ?1 "
                    "order by id");
    Statement readings(database_,
                       "select load, meter, at, record_key, dial, multiplier, event, kind from meter_reading "
                       "where area = ?1 order by load, meter, at");
    loads.bind(1, area_);
    readings.bind(1, area_);
    bool has_reading = readings.step();
    const auto strays_before = [&](std::int64_t load) {
      for (; has_reading && readings.number(0) < load; has_reading = readings.step())
        tell("meter_load " + std::to_string(readings.number(0)), "有读数而没有这一次导入。",
             "There are readings of it, and no load.");
    };
    while (loads.step()) {
      const std::int64_t id = loads.number(0);
      strays_before(id);
      Sm3 digest;
      for (int i = 1; i <= 3; ++i) digest.counted(loads.text(i));
      for (; has_reading && readings.number(0) == id; has_reading = readings.step()) {
        for (int i = 1; i <= 3; ++i) digest.counted(readings.text(i));
        digest.number(readings.number(4)).number(readings.number(5)).counted(readings.text(6));
        digest.counted(readings.text(7));
      }
      digest.number(loads.number(4));
      compare("meter_load", std::to_string(id), digest.finish(), "");
    }
    strays_before(INT64_MAX);
  }

  // Each is named by the digest of its content.
  void kept_files() {
    if (!has_column("kept_file", "area")) return;
    Statement rows(database_, "select fingerprint, size, content from kept_file where area = ?1");
    rows.bind(1, area_);
    while (rows.step()) {
      const std::string content = rows.text(2);
      compare("kept_file", rows.text(0), sm3(content), "");
      if (rows.number(1) != static_cast<std::int64_t>(content.size()) || hex(sm3(content)) != rows.text(0))
        tell("kept_file " + rows.text(0), "附件的大小或指纹与内容不符。",
             "Its size or its fingerprint is not that of its content.");
    }
  }

  // Rows whose content is their columns, one after another.
  void columns(const std::string& kind, const std::string& object, const std::string& of) {
    if (!has_column(kind.c_str(), "area")) return;
    Statement rows(database_,
                   ("select " + object + ", " + of + " from " + kind + " where area = ?1").c_str());
    rows.bind(1, area_);
    const int count = 1 + static_cast<int>(std::count(of.begin(), of.end(), ','));
    while (rows.step()) {
      Sm3 digest;
      for (int i = 1; i <= count; ++i) digest.counted(rows.text(i));
      compare(kind, rows.text(0), digest.finish(), "");
    }
  }

  // Columns that are not part of the content: the event says them among its details. Events of earlier
  // programs do not.
  void beside(const std::string& kind, const std::string& object, const std::vector<std::string>& names) {
    if (!has_column(kind.c_str(), "ordinal")) return;
    std::string sql = "select " + object;
    for (const std::string& each : names) sql += ", " + each;
    Statement rows(database_, (sql + " from " + kind + " where area = ?1").c_str());
    rows.bind(1, area_);
    while (rows.step()) {
      const auto found = details_.find({kind, rows.text(0)});
      if (found == details_.end()) continue;  // already told
      for (std::size_t i = 0; i < names.size(); ++i) {
        const auto said = found->second.find(names[i]);
        if (said == found->second.end() || said->second == rows.text(static_cast<int>(i) + 1)) continue;
        tell(kind + " " + rows.text(0), "“" + names[i] + "”与留痕记的不符：事后被改过。",
             names[i] + " is not what its event says: it was changed afterwards.");
      }
    }
  }

  sqlite3* database_;
  std::string area_;
  const std::optional<std::string>& trusted_key_;
  Report& report_;
  Tree tree_;
  std::map<std::pair<int, std::int64_t>, Hash> nodes_;
  std::map<std::int64_t, Hash> roots_;
  Said said_;
  std::map<std::pair<std::string, std::string>, std::map<std::string, std::string>> details_;
  std::set<std::pair<std::string, std::string>> met_;
};

}  // namespace

Report check_database(const std::string& path, const std::optional<std::string>& trusted_key) {
  Report out;
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr);
  if (code != SQLITE_OK) {
    const std::string why = sqlite3_errmsg(database);
    sqlite3_close(database);
    throw std::runtime_error(path + ": " + why);
  }
  sqlite3_busy_timeout(database, 10'000);
  try {
    std::set<std::string> areas;
    {
      sqlite3_exec(database, "begin", nullptr, nullptr, nullptr);  // one moment for all tables
      Statement rows(database,
                     "select area from trail_event union select area from batch union select area from "
                     "statement union select "
                     "area from setting union select area from mapping union select area from result union "
                     "select area from "
                     "trail_head union select area from trail_node");
      while (rows.step()) areas.insert(rows.text(0));
    }
    for (const std::string& each : areas) Area(database, each, trusted_key, out).check();
  } catch (...) {
    sqlite3_close(database);
    throw;
  }
  sqlite3_close(database);
  return out;
}

}  // namespace tenglong_verify
