#include "server/site.h"

#include <algorithm>
#include <cctype>

#include "campaign/view/view.h"
#include "engine/run/row.h"

namespace tenglong::server {

namespace {

constexpr std::size_t kRowsOfAPage = 100;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  return out;
}

std::string url_encoded(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.')
      out += c;
    else
      out += std::string("%") + kHex[static_cast<unsigned char>(c) >> 4] +
             kHex[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

// Tokens of the design language: ink on white, colour only with a letter beside it.
constexpr const char* kStyle = R"css(
:root{--ink:#16202B;--ink-2:#47545F;--ink-3:#5F6C78;--wash:#F5F7F8;--wash-2:#EAEFF2;--line:#D8DFE4;--accent:#12598A;--nav:#15293A;--nav-ink:#D5DFE7}
*{box-sizing:border-box}html{font:14px/21px "Noto Sans SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",sans-serif;color:var(--ink);background:var(--wash);font-variant-numeric:tabular-nums lining-nums}
body{margin:0}header{background:var(--nav);color:var(--nav-ink);padding:0 24px;display:flex;gap:24px;align-items:center;min-height:48px;flex-wrap:wrap}
header strong{font:600 16px/24px "Noto Serif SC","Source Han Serif SC",STSong,serif;color:#fff}header a{color:var(--nav-ink);text-decoration:none;padding:4px 0}header a[aria-current]{color:#fff;border-bottom:2px solid #fff}
main{max-width:1680px;margin:0 auto;padding:16px 24px 48px}h1{font:600 26px/34px "Noto Serif SC","Source Han Serif SC",STSong,serif;margin:8px 0}h2{font-size:16px;line-height:24px;margin:24px 0 4px}
p.lead{font-size:16px;line-height:24px;color:var(--ink-2);margin:0 0 12px}p.note{font-size:12px;line-height:18px;color:var(--ink-3);margin:2px 0}
.mark{background:#FBF0DA;color:#7A4A00;padding:4px 24px}.scroll{overflow-x:auto;background:#fff;border:1px solid var(--line);border-radius:3px}
table{border-collapse:collapse;width:100%}th,td{padding:4px 10px;text-align:left;white-space:nowrap;border-bottom:1px solid var(--line)}th{font-size:12px;line-height:18px;color:var(--ink-2);font-weight:500;background:#fff;position:sticky;top:0}
td.r,th.r{text-align:right}td.wrap{white-space:normal;min-width:16em}tbody tr:nth-child(even){background:var(--wash)}tfoot td{font-weight:600;background:var(--wash-2)}
a{color:var(--accent)}a:focus-visible,input:focus-visible,button:focus-visible{outline:2px solid #0B63CE;outline-offset:2px}
.g{display:inline-block;min-width:22px;text-align:center;border-radius:2px;font-weight:600;padding:0 4px}.gA{color:#0B5E4A;background:#E3F1EC}.gB{color:#1A5488;background:#E4EEF7}.gC{color:#7A4A00;background:#FBF0DA}.gD{color:#93242B;background:#FAE6E6}
form{display:flex;gap:8px;align-items:end;margin:8px 0 12px;flex-wrap:wrap}label{font-size:12px;color:var(--ink-2)}input,select,button{font:inherit;height:30px;border:1px solid #7F8C97;border-radius:3px;background:#fff;color:var(--ink);padding:0 8px;display:block}button{background:var(--accent);color:#fff;border-color:var(--accent)}
ul.reason{list-style:none;padding-left:18px;margin:2px 0;border-left:1px solid var(--line)}ul.reason>li{margin:3px 0}.panel{background:#fff;border:1px solid var(--line);border-radius:3px;padding:12px 16px}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:#fff;padding:4px 8px}
@media print{header,form,nav,.skip{display:none}html{background:#fff;font-size:11px}th{position:static}thead{display:table-header-group}tr{break-inside:avoid}.scroll{overflow:visible;border:0}@page{size:A4 landscape;margin:12mm}}
)css";

class Site {
 public:
  explicit Site(const Shown& shown) : s_(shown), naming_{shown.pack, shown.snapshot} {}

  Page page(const Request& request) const {
    const std::string& path = request.path;
    if (path == "/") return {.body = frame("总览", path, overview())};
    if (path == "/enterprises") return {.body = frame("企业", path, enterprises(request))};
    if (path.rfind("/enterprise/", 0) == 0) {
      const std::string body = enterprise(path.substr(12));
      if (!body.empty()) return {.body = frame("企业", "/enterprises", body)};
    }
    if (path == "/lists") return {.body = frame("清单", path, lists())};
    if (path == "/targets") return {.body = frame("目标", path, targets())};
    if (path == "/rules") return {.body = frame("规则", path, rules())};
    if (path == "/health") return {.content_type = "text/plain; charset=utf-8", .body = "ok\n"};
    return {.status = 404,
            .body = frame("没有这一页", path,
                          "<h1>没有这一页</h1><p class=\"lead\">地址可能写错了。从上面的导航重新进入。</p>")};
  }

 private:
  std::string frame(const std::string& title, const std::string& path, const std::string& body) const {
    constexpr std::pair<const char*, const char*> kPages[] = {{"/", "总览"},
                                                              {"/enterprises", "企业"},
                                                              {"/lists", "清单"},
                                                              {"/targets", "目标"},
                                                              {"/rules", "规则"}};
    std::string out =
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\"><title>" +
        escaped(title) + " · 腾笼</title><style>" + kStyle +
        "</style></head><body><a class=\"skip\" href=\"#main\">到正文</a><header><strong>腾笼</strong><nav "
        "aria-label=\"主导航\" style=\"display:flex;gap:24px;flex-wrap:wrap\">";
    for (const auto& [address, name] : kPages)
      out += std::string("<a href=\"") + address + "\"" + (path == address ? " aria-current=\"page\"" : "") +
             ">" + name + "</a>";
    out += "</nav><span style=\"margin-left:auto\">" + escaped(s_.result->header.period.to_string()) +
           " 年度 · 只读</span></header>";
    if (!s_.mark.empty())
      out += "<div class=\"mark\" role=\"note\">" + escaped(s_.mark) + "：本页不得用于真实评价。</div>";
    return out + "<main id=\"main\">" + body + "<p class=\"note\">结果指纹 " +
           escaped(s_.result->header.fingerprint.substr(0, 12)) + " · 快照 " +
           escaped(s_.result->header.snapshot_fingerprint.substr(0, 12)) + " · 政策包 " +
           escaped(s_.result->header.pack_id) + " " +
           escaped(s_.result->header.pack_fingerprint.substr(0, 12)) + "</p></main></body></html>";
  }

  static std::string grade_chip(const std::string& grade) {
    if (grade.size() == 1 && grade[0] >= 'A' && grade[0] <= 'D')
      return "<span class=\"g g" + grade + "\">" + grade + "</span>";
    return escaped(grade);
  }

  // A view table as a real table. Column "key" links to the enterprise.
  static std::string html(const view::Table& table, int level = 2) {
    std::string out =
        "<h" + std::to_string(level) + ">" + escaped(table.title.zh) + "</h" + std::to_string(level) + ">";
    if (!table.sentence.empty()) out += "<p class=\"lead\">" + escaped(table.sentence.zh) + "</p>";
    if (!table.columns.empty()) {
      out += "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + escaped(table.title.zh) +
             "\"><table><thead><tr>";
      for (const view::Column& column : table.columns)
        out += std::string("<th scope=\"col\"") + (column.align == view::Align::Right ? " class=\"r\"" : "") +
               ">" + escaped(column.label.zh) +
               (column.unit.empty() ? "" : "（" + escaped(column.unit) + "）") + "</th>";
      out += "</tr></thead><tbody>";
      for (const auto& row : table.rows) out += row_html(table, row);
      if (table.rows.empty())
        out += "<tr><td colspan=\"" + std::to_string(table.columns.size()) + "\">没有内容。</td></tr>";
      out += "</tbody>";
      if (!table.totals.empty()) out += "<tfoot>" + row_html(table, table.totals) + "</tfoot>";
      out += "</table></div>";
    }
    for (const text::Words& note : table.notes) out += "<p class=\"note\">" + escaped(note.zh) + "</p>";
    return out;
  }

  static std::string row_html(const view::Table& table, const std::vector<std::string>& row) {
    std::string out = "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      const view::Column& column = table.columns[i];
      const bool long_text = column.id == "why" || column.id == "shows" || column.id == "name" ||
                             column.id == "gaps" || column.id == "value";
      out += std::string("<td") +
             (column.align == view::Align::Right ? " class=\"r\""
              : long_text                        ? " class=\"wrap\""
                                                 : "") +
             ">";
      if (column.id == "key" && !row[i].empty())
        out += "<a href=\"/enterprise/" + url_encoded(row[i]) + "\">" + escaped(row[i]) + "</a>";
      else if (column.id == "grade" || column.id == "raw_grade" || column.id == "other")
        out += grade_chip(row[i]);
      else
        out += escaped(row[i]);
      out += "</td>";
    }
    return out + "</tr>";
  }

  std::string overview() const {
    std::string out = "<h1>" + escaped(s_.pack->head.name) + "</h1>";
    for (const result::SchemeResult& scheme : s_.result->schemes)
      out += html(view::grades(*s_.pack, scheme)) + html(view::grades_by_town(naming_, scheme));
    out += html(view::balance(*s_.pack, *s_.result));
    if (!s_.result->schemes.empty())
      out += html(view::nearest_to_a_line(naming_, s_.result->schemes.front(), 10));
    if (!s_.result->refusals.empty()) out += html(view::refusals(*s_.result));
    return out + html(view::provenance(*s_.result));
  }

  static std::string value_of(const Request& request, const char* name) {
    const auto found = request.query.find(name);
    return found == request.query.end() ? std::string{} : found->second;
  }

  std::string enterprises(const Request& request) const {
    if (s_.result->schemes.empty()) return "<h1>企业</h1><p class=\"lead\">没有评价方案。</p>";
    const std::string wanted = value_of(request, "scheme"), words = value_of(request, "q"),
                      grade = value_of(request, "grade");
    const result::SchemeResult* scheme = s_.result->scheme(wanted);
    if (scheme == nullptr) scheme = &s_.result->schemes.front();
    view::Table table = view::enterprises(naming_, *scheme);
    std::erase_if(table.rows, [&](const std::vector<std::string>& row) {
      const bool found = words.empty() || row[0].find(words) != std::string::npos ||
                         row[1].find(words) != std::string::npos || row[2].find(words) != std::string::npos;
      return !found || (!grade.empty() && row[4] != grade);
    });
    const std::size_t all = table.rows.size(),
                      pages = std::max<std::size_t>(1, (all + kRowsOfAPage - 1) / kRowsOfAPage);
    const auto asked = quantity::Decimal::parse(value_of(request, "page"));
    const std::int64_t number = asked ? asked->to_integer().value_or(1) : 1;
    const auto page =
        static_cast<std::size_t>(std::clamp<std::int64_t>(number, 1, static_cast<std::int64_t>(pages)));
    const auto first = table.rows.begin() + static_cast<std::ptrdiff_t>((page - 1) * kRowsOfAPage);
    const auto last = table.rows.begin() + static_cast<std::ptrdiff_t>(std::min(all, page * kRowsOfAPage));
    table.rows = std::vector<std::vector<std::string>>(first, last);
    table.sentence = {"共 " + std::to_string(all) + " 家" + (words.empty() ? "" : "，含“" + words + "”") +
                          (grade.empty() ? "" : "，" + grade + " 档") + "；第 " + std::to_string(page) +
                          " 页，共 " + std::to_string(pages) + " 页。",
                      ""};
    std::string out = "<form method=\"get\" action=\"/enterprises\"><label>方案<select name=\"scheme\">";
    for (const result::SchemeResult& one : s_.result->schemes)
      out += "<option" + std::string(&one == scheme ? " selected" : "") + ">" + escaped(one.scheme) +
             "</option>";
    out += "</select></label><label>名称、代码或镇街<input name=\"q\" value=\"" + escaped(words) +
           "\"></label><label>等级<select name=\"grade\"><option value=\"\">全部</option>";
    for (const auto& [code, count] : scheme->balance.by_grade)
      out += "<option" + std::string(code == grade ? " selected" : "") + ">" + escaped(code) + "</option>";
    out += "</select></label><button>筛选</button></form>";
    std::string body = html(table, 1);
    const std::size_t end_of_heading = body.find("</h1>") + 5;
    body.insert(end_of_heading, out);
    const std::string base = "/enterprises?scheme=" + url_encoded(scheme->scheme) +
                             "&q=" + url_encoded(words) + "&grade=" + url_encoded(grade) + "&page=";
    body += "<nav aria-label=\"翻页\"><p>";
    if (page > 1) body += "<a href=\"" + escaped(base + std::to_string(page - 1)) + "\">上一页</a> ";
    if (page < pages) body += "<a href=\"" + escaped(base + std::to_string(page + 1)) + "\">下一页</a>";
    return body + "</p></nav>";
  }

  static std::string reason_html(const explain::Reason& reason) {
    std::string out = "<li>" + escaped(reason.text.zh);
    if (!reason.because.empty()) {
      out += "<ul class=\"reason\">";
      for (const explain::Reason& because : reason.because) out += reason_html(because);
      out += "</ul>";
    }
    return out + "</li>";
  }

  std::string enterprise(const std::string& key) const {
    for (const pack::Scheme& scheme : s_.pack->schemes) {
      const column::Table* table = s_.snapshot->find(scheme.of);
      const std::int32_t row = table == nullptr ? -1 : table->find(key, s_.result->header.period);
      if (row < 0) continue;
      const auto at = static_cast<std::size_t>(row);
      const run::RowView view = run::evaluate_row(
          *s_.pack, *s_.snapshot, {.period = s_.result->header.period}, scheme.of, at, s_.result);
      const explain::Reason reason =
          explain::explain(*s_.pack, *s_.snapshot, view, naming_.title(scheme.of, at), s_.source_of);
      std::string out = "<p><a href=\"/enterprises\">← 企业</a></p><h1>" +
                        escaped(naming_.title(scheme.of, at)) + "</h1><p class=\"lead\">" + escaped(key) +
                        " · " + escaped(naming_.town_name(naming_.town(scheme.of, at)));
      for (const run::SchemeView& one : view.schemes)
        if (one.standing == result::Standing::Rated)
          out += " · " + escaped(one.scheme->name) + " " + grade_chip(one.grade);
      out +=
          "</p><h2>这个结果是怎样得来的</h2><div class=\"panel\"><ul class=\"reason\" "
          "style=\"border:0;padding:0\">";
      for (const explain::Reason& because : reason.because) out += reason_html(because);
      return out + "</ul></div>";
    }
    return {};
  }

  std::string lists() const {
    std::string out = "<h1>清单</h1>";
    for (const result::RosterResult& roster : s_.result->rosters) {
      view::Table table = view::roster_table(view::roster_of(naming_, roster), naming_);
      std::erase_if(table.rows, [](const std::vector<std::string>& row) { return row[3] == "不入列"; });
      out += html(table);
    }
    for (const result::Refusal& refusal : s_.result->refusals)
      if (refusal.kind == "roster") {
        out += "<h2>" + escaped(refusal.name) + "</h2><p class=\"lead\">没有运行，因为还缺：</p><ul>";
        for (const std::string& gap : refusal.gaps) out += "<li>" + escaped(gap) + "</li>";
        out += "</ul>";
      }
    return out;
  }

  std::string targets() const {
    return html(view::targets(target::judge(*s_.pack, *s_.result, s_.on, s_.previous)), 1);
  }

  std::string rules() const {
    std::string out = "<h1>规则</h1><p class=\"lead\">" + escaped(s_.pack->head.document) +
                      "：每条要求什么、谁牵头、落实了什么、还没有什么。</p>";
    for (const pack::Clause& clause : s_.pack->clauses) {
      out += "<h2>" + escaped(clause.id + " " + clause.title) + "</h2><p>" + escaped(clause.summary) + "</p>";
      if (!clause.lead.empty()) out += "<p class=\"note\">牵头 " + escaped(clause.lead) + "</p>";
      std::string blocks;
      for (const std::string& block : clause.carries_out)
        blocks += (blocks.empty() ? "" : "、") + block.substr(block.find(' ') + 1);
      if (!blocks.empty()) out += "<p class=\"note\">落实：" + escaped(blocks) + "</p>";
      for (const std::string& not_yet : clause.not_yet)
        out += "<p class=\"note\">还没有：" + escaped(not_yet) + "</p>";
    }
    return out;
  }

  const Shown& s_;
  view::Naming naming_;
};

}  // namespace

Page answer(const Shown& shown, const Request& request) { return Site(shown).page(request); }

}  // namespace tenglong::server
