#include "store/list.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "cli/inside/commands.h"
#include "cli/inside/wiring.h"
#include "engine/register/record_key.h"
#include "engine/text/json_writer.h"
#include "engine/text/text.h"

namespace tenglong::cli {

namespace {

struct ListOptions {
  store::ListQuery query = {};
  std::size_t page = 1;
  bool counts_only = false;
  std::string operation = {};
};

const char* shown_name(store::ListedCell::Shown shown) {
  switch (shown) {
    case store::ListedCell::Shown::Value:
      return "value";
    case store::ListedCell::Shown::Absent:
      return "absent";
    case store::ListedCell::Shown::Hidden:
      return "hidden";
    case store::ListedCell::Shown::Masked:
      return "masked";
  }
  return "";
}

void print_json(const store::Listed& listed) {
  text::JsonWriter json;
  json.begin_object();
  json.key("count").integer(listed.count);
  json.key("unknown").integer(listed.unknown);
  json.key("rows").begin_array();
  for (const store::ListedRow& row : listed.rows) {
    json.begin_object();
    json.key("key").string(row.key);
    if (row.period) json.key("period").string(row.period->to_string());
    json.key("cursor").string(row.cursor);
    json.key("cells").begin_object();
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      json.key(listed.fields[i]->id).begin_object();
      json.key("shown").string(shown_name(row.cells[i].shown));
      if (row.cells[i].shown != store::ListedCell::Shown::Hidden)
        json.key("state").string(quantity::to_code(row.cells[i].state));
      if (row.cells[i].shown == store::ListedCell::Shown::Value ||
          row.cells[i].shown == store::ListedCell::Shown::Masked)
        json.key("value").string(registers::to_text(row.cells[i].value));
      json.end_object();
    }
    json.end_object();
    json.end_object();
  }
  json.end_array();
  json.key("sums").begin_object();
  for (const store::ListedSum& sum : listed.sums) {
    json.key(sum.field->id).begin_object();
    json.key("total").string(sum.total.to_string());
    json.key("known").integer(sum.known);
    json.key("unknown").integer(sum.unknown);
    json.end_object();
  }
  json.end_object();
  json.key("groups").begin_object();
  for (const store::ListedGroup& group : listed.groups) {
    json.key(group.value);
    if (group.count)
      json.integer(*group.count);
    else
      json.null();
  }
  json.end_object();
  json.end_object();
  std::printf("%s\n", json.take().c_str());
}

void print_table(const store::Listed& listed) {
  std::vector<std::vector<std::string>> lines(1);
  bool has_period = false;
  for (const store::ListedRow& row : listed.rows) has_period = has_period || row.period.has_value();
  lines[0].push_back("记录");
  if (has_period) lines[0].push_back("期间");
  for (const schema::Field* field : listed.fields) lines[0].push_back(field->name);
  for (const store::ListedRow& row : listed.rows) {
    std::vector<std::string> line = {registers::shown_key(row.key)};
    if (has_period) line.push_back(row.period ? row.period->to_string() : "");
    for (const store::ListedCell& cell : row.cells) {
      std::string text = store::to_text(cell);
      if (cell.state == quantity::State::Disputed && cell.shown == store::ListedCell::Shown::Value)
        text += "（存疑）";
      line.push_back(std::move(text));
    }
    lines.push_back(std::move(line));
  }
  std::vector<std::size_t> widths(lines[0].size(), 0);
  for (const auto& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], text::cell_width(line[i]));
  for (const auto& line : lines) {
    std::string out;
    for (std::size_t i = 0; i < line.size(); ++i)
      out += i + 1 == line.size() ? line[i] : text::pad_right(line[i], widths[i] + 2);
    std::printf("%s\n", out.c_str());
  }
}

Exit list(Session& session, ListOptions options) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  const Common& common = session.common();
  store::ListQuery& query = options.query;
  if (!common.period.empty()) {
    query.period = calendar::Period::parse(common.period);
    if (!query.period) {
      std::fprintf(stderr, "%s\n",
                   say(common.language, "期间认不出，写 2023、2023Q1 或 2023-01。",
                       "The period is not understood; write 2023, 2023Q1 or 2023-01.")
                       .c_str());
      return Exit::Usage;
    }
  }
  query.today = today();
  if (query.after.empty() && options.page > 1) query.skip = (options.page - 1) * query.size;
  if (options.counts_only) {
    query.size = 0;
    query.operation = access::Operation::CountRecord;
  }
  const store::Listed listed = session.store().lists().list(query, session.scope());
  print_diagnostics(listed.diagnostics, common);
  if (diagnostic::has_errors(listed.diagnostics)) return Exit::Findings;
  if (common.json) {
    print_json(listed);
    return Exit::Ok;
  }
  if (!listed.rows.empty()) print_table(listed);
  for (const store::ListedGroup& group : listed.groups)
    std::printf("%s\t%s\n", group.value.empty() ? "（没有）" : group.value.c_str(),
                group.count ? std::to_string(*group.count).c_str() : "—");
  for (const store::ListedSum& sum : listed.sums)
    std::printf("%s\n", (say(common.language, "合计 ", "total of ") + sum.field->name + " " +
                         sum.total.to_string() + " " + sum.field->unit.name() +
                         say(common.language, "，有数 ", ", known ") + std::to_string(sum.known) +
                         say(common.language, "，缺 ", ", missing ") + std::to_string(sum.unknown))
                            .c_str());
  if (listed.is_small)
    std::printf("%s\n", say(common.language, "太少，不便告知。", "Too few to be told.").c_str());
  else
    std::printf("%s\n",
                (say(common.language, "共 ", "") + std::to_string(listed.count) +
                 say(common.language, " 条，因缺数判断不了 ", " records, not known for want of a value ") +
                 std::to_string(listed.unknown) + say(common.language, " 条", ""))
                    .c_str());
  if (listed.rows.size() == query.size && !listed.rows.empty() && !common.quiet)
    std::fprintf(stderr, "%s %s\n", say(common.language, "下一页：--after", "next page: --after").c_str(),
                 listed.rows.back().cursor.c_str());
  return Exit::Ok;
}

Exit search(Session& session, const std::string& words, std::size_t most) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  for (const store::Found& found : session.store().lists().search(words, most, session.scope())) {
    const schema::Register* target = pack->schema.find(found.register_id);
    std::printf("%s\t%s\t%s\n", target != nullptr ? target->name.c_str() : found.register_id.c_str(),
                found.key.c_str(), found.name.c_str());
  }
  return Exit::Ok;
}

// How far a register's period is, or to say how far it is now.
Exit mark(Session& session, const std::string& register_id, const std::string& state) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  const Common& common = session.common();
  const schema::Register* target = pack->schema.find(register_id);
  const auto period = calendar::Period::parse(common.period);
  const bool has_period = target != nullptr && target->period != schema::PeriodKey::None;
  if (target == nullptr || (has_period && !period)) {
    std::fprintf(stderr, "%s\n",
                 target == nullptr
                     ? say(common.language, "没有这个台账。", "There is no such register.").c_str()
                     : say(common.language, "写上 --period。", "Give --period.").c_str());
    return Exit::Usage;
  }
  const auto at = has_period ? period : std::nullopt;
  store::Lists& lists = session.store().lists();
  if (state.empty()) {
    std::printf("%s\n", access::kStateNames[static_cast<std::size_t>(lists.state_of(register_id, at))]);
    return Exit::Ok;
  }
  for (std::size_t i = 0; i < access::kStates; ++i) {
    if (state != access::kStateNames[i]) continue;
    const auto next = static_cast<access::State>(i);
    const access::Operation operation = next == access::State::Published ? access::Operation::PublishResult
                                        : next == access::State::Locked  ? access::Operation::LockYear
                                                                         : access::Operation::ConfirmItem;
    const access::Answer answer = session.scope().may(operation, {.state = lists.state_of(register_id, at)});
    if (!answer.allowed) {
      std::fprintf(stderr, "%s\n",
                   text::in_language(session.scope().refusal(answer), common.language).c_str());
      return Exit::Findings;
    }
    lists.mark(register_id, at, next);
    std::printf("%s %s %s\n", target->name.c_str(), at ? at->to_string().c_str() : "", state.c_str());
    return Exit::Ok;
  }
  std::fprintf(
      stderr, "%s\n",
      say(common.language, "状态写草稿、已确认、已锁定或已公布。", "States: 草稿 已确认 已锁定 已公布.")
          .c_str());
  return Exit::Usage;
}

// What lists read, made again from the statements; differences are told.
Exit rebuild_held(Session& session) {
  if (session.pack() == nullptr) return Exit::Findings;
  const Common& common = session.common();
  bool differs = false;
  for (const store::Lists::Rebuilt& each : session.store().lists().rebuild()) {
    const bool is_equal = each.before == each.after || each.before.empty();
    differs = differs || !is_equal;
    std::printf("%s %s%s\n", each.register_id.c_str(), each.after.substr(0, 12).c_str(),
                is_equal ? "" : say(common.language, " 与原来不同", " differs from what was held").c_str());
  }
  return differs ? Exit::Findings : Exit::Ok;
}

}  // namespace

void add_list_commands(CLI::App& app, const Common& common, const WithSession& with_session) {
  const auto t = [&](const char* zh, const char* en) { return say(common.language, zh, en); };
  auto options = std::make_shared<ListOptions>();
  auto* list_command = app.add_subcommand(
      "list", t("列出台账：筛选、排序、翻页、计数、合计，只列权限之内的",
                "list a register: filter, sort, page, count, sums; as far as the account reaches"));
  list_command->add_option("register", options->query.register_id, t("台账 id", "register id"))->required();
  list_command->add_option("--where", options->query.where,
                           t("FEEL 条件：'企业.镇街 = \"330902101\" and 实缴税收 > 5'", "a FEEL condition"));
  list_command
      ->add_option("--sort", options->query.sort,
                   t("排序字段，前面加 - 为降序", "fields; - before one: falling"))
      ->delimiter(',')
      ->allow_extra_args(false);
  list_command->add_option("--fields", options->query.fields, t("只要这些字段", "only these fields"))
      ->delimiter(',');
  list_command->add_option("--sum", options->query.sums, t("合计的数字段", "number fields to add up"))
      ->delimiter(',');
  list_command->add_option("--group", options->query.group_by,
                           t("按这个字段分组计数", "count by this field"));
  list_command->add_option("--page", options->page, t("第几页", "page number"))->check(CLI::PositiveNumber);
  list_command->add_option("--size", options->query.size, t("一页几行", "rows a page"))
      ->capture_default_str();
  list_command->add_option("--after", options->query.after, t("接着这一行往下", "behind this row"));
  list_command->add_flag("--count", options->counts_only, t("只计数", "counts only"));
  list_command->callback(with_session([options](Session& session) { return list(session, *options); }));

  auto words = std::make_shared<std::string>();
  auto most = std::make_shared<std::size_t>(20);
  auto* search_command = app.add_subcommand(
      "search", t("按名称、代码、拼音、首字母查找", "find by name, code, pinyin or initials"));
  search_command->add_option("words", *words, t("要找的", "what to find"))->required();
  search_command->add_option("--most", *most, t("每个台账最多几条", "at most so many of a register"))
      ->capture_default_str();
  search_command->callback(with_session([=](Session& session) { return search(session, *words, *most); }));

  auto marked = std::make_shared<std::string>(), state = std::make_shared<std::string>();
  auto* state_command = app.add_subcommand(
      "state", t("台账某一期间到了哪一步；--set 改", "how far a register's period is; --set changes it"));
  state_command->add_option("register", *marked, t("台账 id", "register id"))->required();
  state_command->add_option("--set", *state, t("草稿、已确认、已锁定、已公布", "草稿 已确认 已锁定 已公布"));
  state_command->callback(with_session([=](Session& session) { return mark(session, *marked, *state); }));

  app.add_subcommand("rebuild-held", t("从各条陈述重做列表用的列，并与原来核对",
                                       "make what lists read again from the statements, and compare"))
      ->callback(with_session([](Session& session) { return rebuild_held(session); }));
}

}  // namespace tenglong::cli
