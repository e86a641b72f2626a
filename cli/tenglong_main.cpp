// tenglong: one program, one data folder. Commands are wired here and nowhere else.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "cli/inside/collection_commands.h"
#include "cli/inside/commands.h"
#include "cli/inside/wiring.h"
#include "engine/text/ensure.h"

namespace {

using namespace tenglong;
using namespace tenglong::cli;

// --lang and TENGLONG_LANG decide before the help texts are made; LANG is ignored.
Language language_of(int argc, char** argv) {
  std::string asked;
  if (const char* set = std::getenv("TENGLONG_LANG")) asked = set;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--lang") == 0 && i + 1 < argc) asked = argv[i + 1];
    if (std::strncmp(argv[i], "--lang=", 7) == 0) asked = argv[i] + 7;
  }
  return asked == "en" ? Language::English : Language::Chinese;
}

int run_program(int argc, char** argv) {
  Common common;
  common.language = language_of(argc, argv);
  const auto t = [&](const char* zh, const char* en) { return say(common.language, zh, en); };
  CLI::App app(t("腾笼：县区制造业“腾笼换鸟、凤凰涅槃”攻坚行动的自建系统",
                 "Tenglong: a district's own system for its manufacturing renewal campaign"),
               "tenglong");
  app.require_subcommand(1);
  app.fallthrough();
  std::string lang;
  app.add_option("--pack", common.pack, t("政策包文件夹", "folder of the policy pack"))
      ->capture_default_str();
  app.add_option("--overlay", common.overlays, t("叠加包文件夹，可多次", "overlay folder, repeatable"));
  app.add_option("--data", common.data,
                 t("数据文件夹，或 PostgreSQL 地址 postgresql://主机/库",
                   "data folder, or the address of a PostgreSQL database"))
      ->capture_default_str();
  app.add_option("--files", common.files,
                 t("签名钥匙、报告、样例等文件放在哪里，缺省数据文件夹",
                   "folder of keys, reports and samples; else the data folder"));
  app.add_option("--period", common.period, t("年度，如 2023", "period, such as 2023"));
  app.add_option("--lang", lang, t("语言：zh 或 en", "language: zh or en"));
  app.add_option("--as", common.as,
                 t("以哪个账号的权限；不写就是本机操作员", "as which account; else the machine's operator"));
  app.add_flag("--json", common.json, t("以 JSON 输出", "print JSON"));
  app.add_flag("--quiet", common.quiet, t("只输出结果", "results only"));

  Exit exit = Exit::Ok;
  const auto with_session = [&](auto command) {
    return [&, command] {
      Session session(common);
      exit = command(session);
    };
  };

  CheckOptions check_options;
  auto* check_command = app.add_subcommand(
      "check", t("检查政策包：毛病一次列全；没有毛病就列出每条落实了什么，并核对案例",
                 "check a pack: every mistake at once, else what each clause carries out; runs its cases"));
  check_command->add_option("pack", common.pack, t("政策包文件夹", "pack folder"));
  check_command->add_flag("!--no-cases", check_options.cases, t("不核对案例", "do not run the cases"));
  check_command->callback(with_session([&](Session& s) { return check(s, check_options); }));

  ImportOptions import_options;
  auto* import_command =
      app.add_subcommand("import", t("导入来表（.xlsx .xls .csv）", "import workbooks (.xlsx .xls .csv)"));
  import_command->add_option("files", import_options.files, t("文件", "files"))->required();
  import_command->add_option("--provider", import_options.provider, t("提供单位", "who sent it"));
  import_command->add_option("--register", import_options.register_id,
                             t("台账，缺省按表头判断", "register; else the headers decide"));
  import_command->add_option("--document", import_options.document,
                             t("文号（系统前结果必填）", "document number (needed for earlier results)"));
  import_command->add_option("--mark", import_options.mark, t("标记，如 样例数据", "mark"));
  import_command->add_option("--submitter", import_options.submitter, t("提交人", "submitter"));
  import_command->add_option(
      "--problems", import_options.problems,
      t("把带“问题”列的副本写到这个文件夹", "folder for copies with a column of problems"));
  import_command->add_flag(
      "--new-provider", import_options.is_new_provider,
      t("这个单位确是头一次报，不是写错了名称", "this unit is new, and its name not a misspelling"));
  import_command->add_flag("--accept-unusual", import_options.accept_unusual,
                           t("量级异常的数已核实，照收", "amounts of unusual size were checked; take them"));
  import_command->add_flag("--preliminary", import_options.is_preliminary,
                           t("快报数，终报来了就让位", "preliminary figures, replaced by the final ones"));
  import_command
      ->add_option(
          "--sure-names", import_options.sure_names,
          t("没有代码、只有名称的表：到这个分的只有一家时直接收下；缺省照政策包（identity 块的 sure）",
            "a sheet with names and no codes: from this score on one candidate alone is taken; else as "
            "the pack says (sure of its identity block)"))
      ->check(CLI::Range(1, 100));
  import_command->add_option("--effective", import_options.effective,
                             t("这些值从哪天起成立，如改名的日子", "from when these values hold"));
  import_command->add_option(
      "--map", import_options.map,
      t("指定某列是哪个字段：表头=字段 或 C=字段；表头= 为不读；以后记住",
        "which field a column is: header=field or C=field; header= is not read; remembered"));
  import_command->add_flag("--preview", import_options.preview,
                           t("只看表头：哪列是哪个字段，与上次的表有何不同；不读数据",
                             "headers only: what each column is, and what is new since the last template"));
  import_command->add_flag("--dry-run", import_options.dry_run, t("只检查，不保存", "check only"));
  import_command->callback(with_session([&](Session& s) { return import_files(s, import_options); }));

  app.add_subcommand("run", t("评价：打印一页小结", "evaluate and print one page"))
      ->callback(with_session([](Session& s) { return cli::run(s); }));

  ExplainOptions explain_options;
  auto* explain_command = app.add_subcommand(
      "explain", t("一个结果是怎样得来的：企业、总体指标、目标，或差在哪里",
                   "how a result came about: an enterprise's, a figure's, a target's, or what it lacks"));
  explain_command->add_option("code", explain_options.key, t("统一社会信用代码", "credit code"));
  explain_command->add_option("--indicator", explain_options.only,
                              t("只看一个指标、方案或清单", "one indicator, scheme or roster"));
  explain_command->add_option("--list", explain_options.list, t("只看一张清单", "one roster"));
  explain_command->add_option("--target", explain_options.target,
                              t("一个目标的数，如 P02", "a target's figure, such as P02"));
  explain_command->add_option(
      "--why-not", explain_options.why_not,
      t("为什么没有入列、没有命中、没有到更好的档：差多少",
        "why not in a roster, not met by a decision, not in a better grade: by how much"));
  explain_command->add_option("--cut", explain_options.cut,
                              t("总体指标的分组，如 镇街", "a cut of the figure, such as 镇街"));
  explain_command->add_option("--of", explain_options.of, t("分组的代码", "the code of the cut"));
  explain_command->add_option("--top", explain_options.top,
                              t("列出最大的几条记录，缺省 10", "how many of the largest records; else 10"));
  explain_command->add_flag("--all", explain_options.all, t("列出全部记录", "every record"));
  explain_command->callback(with_session([&](Session& s) { return cli::explain(s, explain_options); }));

  std::string roster_name, target_id;
  auto* roster_command = app.add_subcommand("roster", t("清单", "rosters"));
  roster_command->add_option("name", roster_name, t("清单名或编号，缺省全部", "name or id; else all"));
  roster_command->callback(with_session([&](Session& s) { return cli::roster(s, roster_name); }));
  auto* target_command = app.add_subcommand("target", t("目标", "targets"));
  target_command->add_option("id", target_id, t("如 P10，缺省全部", "such as P10; else all"));
  target_command->callback(with_session([&](Session& s) { return cli::target(s, target_id); }));

  ExportOptions export_options;
  auto* export_command = app.add_subcommand(
      "export", t("写出 区县评价结果.xlsx 与 评价说明.md", "write the workbook of results and the report"));
  export_command->add_option("--to", export_options.folder,
                             t("文件夹，缺省数据文件夹", "folder; else the data folder"));
  export_command->callback(with_session([&](Session& s) { return export_results(s, export_options); }));

  SampleOptions sample_options;
  auto* sample_command = app.add_subcommand(
      "sample", t("生成样例区县的来表（样例数据）", "make the sample district's workbooks"));
  DistrictOptions district_options;
  auto* district_command = app.add_subcommand(
      "district", t("样例区县从头到尾：生成、导入、评价、出报告", "the sample district from start to end"));
  for (auto* command : {sample_command, district_command}) {
    command->add_option("--firms", sample_options.firms, t("企业数", "number of enterprises"))
        ->capture_default_str()
        ->check(CLI::Range(1, 1000000));
    command->add_option("--seed", sample_options.seed, t("种子", "seed"))->capture_default_str();
  }
  sample_command->add_option("--to", sample_options.folder, t("文件夹", "folder"));
  sample_command->callback(with_session([&](Session& s) { return cli::sample(s, sample_options); }));
  district_command->add_flag("--fresh", district_options.fresh, t("重做", "remake"));
  district_command->callback(with_session([&](Session& s) {
    district_options.sample = sample_options;
    return cli::district(s, district_options);
  }));

  InspectOptions inspect_options;
  auto* inspect_command =
      app.add_subcommand("inspect", t("打印任一阶段：syntax pack plan columns store result explanation",
                                      "print a stage: syntax pack plan columns store result explanation"));
  inspect_command->add_option("stage", inspect_options.stage, t("阶段", "stage"))->required();
  inspect_command->add_option("pack", common.pack, t("政策包文件夹", "pack folder"));
  inspect_command->add_option("--enterprise", inspect_options.enterprise,
                              t("统一社会信用代码", "credit code"));
  inspect_command->add_option("--expression", inspect_options.expression,
                              t("FEEL 表达式", "FEEL expression"));
  inspect_command->callback(with_session([&](Session& s) { return cli::inspect(s, inspect_options); }));

  FeelOptions feel_options;
  auto* feel_command = app.add_subcommand(
      "feel", t("求一个 FEEL 表达式的值，带单位；空值说出原因与位置",
                "evaluate a FEEL expression, with its unit; of a null every reason and place"));
  feel_command
      ->add_option("expression", feel_options.expression,
                   t("表达式；- 读标准输入", "expression; - reads standard input"))
      ->required();
  feel_command->add_option("--context", feel_options.context,
                           t("JSON 文件，最外层的键是名字；日期写 {\"@\": \"date(...)\"}，单位写 {\"value\": "
                             "12, \"unit\": \"万元\"}",
                             "JSON file whose keys are the names; a date is {\"@\": \"date(...)\"}, a unit "
                             "{\"value\": 12, \"unit\": \"万元\"}"));
  feel_command->add_option("--now", feel_options.now,
                           t("now() 与 today() 的时刻，如 2023-12-31T08:30:00+08:00",
                             "what now() and today() are, such as 2023-12-31T08:30:00+08:00"));
  feel_command->add_flag(
      "--types", feel_options.types,
      t("也打印推得的类型、单位、可空", "print the inferred type, unit and nullability too"));
  feel_command->callback([&] { exit = cli::feel(common, feel_options); });

  TrailExportOptions trail_export_options;
  TrailShowOptions trail_show_options;
  auto* trail_command = app.add_subcommand("trail", t("留痕：谁在什么时候做了什么，签名，导出",
                                                      "the trail: who did what and when; signing, export"));
  trail_command->require_subcommand(1);
  auto* trail_show_command = trail_command->add_subcommand("show", t("最近的留痕", "the latest events"));
  trail_show_command->add_option("--last", trail_show_options.last, t("几条", "how many"))
      ->capture_default_str();
  trail_show_command->callback(
      with_session([&](Session& s) { return cli::trail_show(s, trail_show_options); }));
  trail_command
      ->add_subcommand(
          "key", t("生成签名钥匙（一次），打印公钥", "make the signing key, once; print the public key"))
      ->callback(with_session([&](Session& s) { return cli::trail_key(s); }));
  trail_command
      ->add_subcommand("head", t("给现在的留痕签名：条数、根、时间、钥匙",
                                 "sign the trail as it stands: size, root, time, key"))
      ->callback(with_session([&](Session& s) { return cli::trail_head(s); }));
  auto* trail_export_command = trail_command->add_subcommand(
      "export", t("导出一段留痕，供 tenglong-verify 核对", "export a range for tenglong-verify"));
  trail_export_command->add_option("file", trail_export_options.file, t("文件", "file"))->required();
  trail_export_command->add_option("--from", trail_export_options.from, t("从第几条起", "from which event"))
      ->capture_default_str();
  trail_export_command->callback(
      with_session([&](Session& s) { return cli::trail_export(s, trail_export_options); }));

  MigrateOptions migrate_options;
  auto* migrate_command = app.add_subcommand(
      "migrate", t("政策包改了台账：说明会改动什么、涉及多少条；--apply 一次迁移，不成则一点不动",
                   "what a changed pack does to the registers kept; --apply does it wholly or not at all"));
  migrate_command->add_option("--from", migrate_options.from,
                              t("录入数据时的政策包文件夹（数据还没有记下时）",
                                "the pack under which the data was entered, if the data does not say"));
  migrate_command->add_flag("--apply", migrate_options.apply, t("迁移", "migrate"));
  migrate_command->callback(with_session([&](Session& s) { return cli::migrate(s, migrate_options); }));

  CheckDataOptions check_data_options;
  auto* check_data_command = app.add_subcommand(
      "check-data", t("核对台账：必填、唯一、指向、起止、规矩，一次说完，每处到来源单元格",
                      "hold the registers against the pack: required, unique, references, spans, laws"));
  check_data_command->add_option("registers", check_data_options.registers,
                                 t("台账 id，缺省全部", "register ids; else all"));
  check_data_command->add_option("--on", check_data_options.on,
                                 t("没有日期的记录按哪天的代码核对，缺省今天",
                                   "the day by which codes of undated records are judged; else today"));
  check_data_command
      ->add_option("--most", check_data_options.most,
                   t("同一种最多列多少处，0 为全列", "findings of one kind to list; 0 lists all"))
      ->capture_default_str();
  check_data_command->callback(
      with_session([&](Session& s) { return cli::check_data(s, check_data_options); }));

  std::string span_register, span_day, attached_file;
  auto* in_force_command = app.add_subcommand(
      "in-force", t("起止台账某一天成立的记录", "the records of a span register that hold on a day"));
  in_force_command->add_option("register", span_register, t("台账 id", "register id"))->required();
  in_force_command->add_option("--on", span_day, t("日期，缺省今天", "day; else today"));
  in_force_command->callback(
      with_session([&](Session& s) { return spans_in_force(s, span_register, span_day); }));
  auto* attachment_command = app.add_subcommand(
      "attachment", t("附件字段怎样填：文件的指纹、大小和名字",
                      "what a cell of an attachment field says: fingerprint, size and name of a file"));
  attachment_command->add_option("file", attached_file, t("文件", "file"))->required();
  bool keeps_attachment = false;
  attachment_command->add_flag("--keep", keeps_attachment, t("连同文件交进来", "hand the file itself in"));
  attachment_command->callback([&] {
    if (!keeps_attachment) {
      exit = attachment_text(common, attached_file);
      return;
    }
    Session session(common);
    exit = attachment_text(common, attached_file, &session);
  });
  OpenAttachment wanted_file;
  auto* open_command =
      app.add_subcommand("open", t("取出一条记录的附件", "take out a file that a record names"));
  open_command->add_option("register", wanted_file.register_id, t("台账 id", "register id"))->required();
  open_command->add_option("key", wanted_file.key, t("主键", "key"))->required();
  open_command->add_option("field", wanted_file.field, t("字段 id", "field id"))->required();
  open_command->add_option("--of", wanted_file.period, t("期间", "period"));
  open_command->add_option("--out", wanted_file.out, t("写到哪里，缺省为原名", "where to; else its name"));
  open_command->callback(with_session([&](Session& s) { return open_attachment(s, wanted_file); }));
  std::vector<std::string> removed_files;
  auto* attachments_command = app.add_subcommand(
      "attachments",
      t("交来而没有被任何记录指着的附件；--remove 删去内容，留痕记着指纹",
        "files handed in that nothing names; --remove takes the content away, the trail keeps the "
        "fingerprint"));
  attachments_command->add_option("--remove", removed_files, t("要删的指纹", "fingerprints to remove"));
  attachments_command->callback(
      with_session([&](Session& s) { return unnamed_attachments(s, removed_files); }));

  BackupOptions backup_options;
  auto* backup_command = app.add_subcommand(
      "backup", t("备份：别人照常写，备的是同一时刻的全部，附清单与指纹",
                  "back up: everything at one moment while others write, with a manifest and fingerprints"));
  backup_command->add_option("--to", backup_options.to, t("放备份的文件夹", "folder of backups"))->required();
  backup_command->add_option("--keep", backup_options.keep,
                             t("只留最近几个，缺省全留", "how many to keep; else all"));
  backup_command->callback(with_session([&](Session& s) { return cli::back_up(s, backup_options); }));
  RestoreOptions restore_options;
  auto* restore_command = app.add_subcommand(
      "restore", t("恢复到一个空的地方；与清单差一个字节就不恢复",
                   "restore into an empty place; not if a byte differs from the manifest"));
  restore_command->add_option("--from", restore_options.from, t("一个备份的文件夹", "folder of one backup"))
      ->required();
  restore_command
      ->add_option("--to", restore_options.to, t("空的数据文件夹或数据库", "empty data folder or database"))
      ->required();
  restore_command->callback(with_session([&](Session& s) { return cli::restore(s, restore_options); }));
  DrillOptions drill_options;
  auto* drill_command = app.add_subcommand(
      "drill",
      t("演练：恢复到临时的地方，核对留痕，重算评价，然后删去",
        "drill: restore into a scratch place, verify the trail, run the evaluation again, remove it"));
  drill_command->add_option("--from", drill_options.from, t("一个备份的文件夹", "folder of one backup"))
      ->required();
  drill_command->callback(with_session([&](Session& s) { return cli::drill(s, drill_options); }));

  MetersOptions meters_options;
  auto* meters_command = app.add_subcommand(
      "meters", t("抄表：读数入库，加成台账的数", "readings of meters and what they add up to"));
  meters_command->require_subcommand(1);
  auto* meters_import_command =
      meters_command->add_subcommand("import", t("导入抄表读数（.xlsx .xls .csv）：有错就整份不收",
                                                 "import readings; a file with a mistake is refused whole"));
  meters_import_command->add_option("file", meters_options.file, t("文件", "file"))->required();
  meters_import_command->add_option("--kind", meters_options.kind,
                                    t("哪一类表，如 电；政策包只有一个抄表汇总时可不写",
                                      "which meters; else those of the pack's only roll-up"));
  meters_import_command->callback(
      with_session([&](Session& s) { return cli::meters_import(s, meters_options); }));
  meters_command
      ->add_subcommand("roll-up", t("按政策包的 yaml rollup 把 --period 的读数加成陈述；不能相加的逐表说明",
                                    "adds readings of --period up to statements; names what cannot be added"))
      ->callback(with_session([&](Session& s) { return cli::meters_roll_up(s); }));

  StoreCopyOptions store_copy_options;
  auto* store_command = app.add_subcommand(
      "store",
      t("保存的地方：有什么，整个搬到另一处", "the store: what it holds; all of it to another place"));
  store_command->require_subcommand(1);
  store_command
      ->add_subcommand(
          "info", t("每张表的行数与指纹、留痕的根", "rows and fingerprints of the tables, root of the trail"))
      ->callback(with_session([&](Session& s) { return cli::store_contents(s); }));
  auto* store_copy_command = store_command->add_subcommand(
      "copy", t("数据文件夹与 PostgreSQL 之间整个搬：同一时刻、一次或不搬、两边指纹核对",
                "everything between a data folder and PostgreSQL: one moment, all or nothing, fingerprints "
                "compared"));
  store_copy_command->add_option("--from", store_copy_options.from,
                                 t("来处，缺省 --data", "source; else --data"));
  store_copy_command
      ->add_option("--to", store_copy_options.to, t("去处，须是空的", "target, which must be empty"))
      ->required();
  store_copy_command->callback(
      with_session([&](Session& s) { return cli::store_copy(s, store_copy_options); }));

  add_list_commands(app, common, with_session);
  add_account_commands(app, common, with_session);

  ExtractOptions extract_options;
  auto* extract_command = app.add_subcommand(
      "extract", t("把台账（或筛选出的）写成 .xlsx 或 .csv，能原样导回；--template 是空的填报表",
                   "a register, or what a filter names of it, as .xlsx or .csv that can be imported again; "
                   "--template is the empty sheet"));
  extract_command
      ->add_option("register", extract_options.register_id,
                   t("台账 id，如 enterprise_year", "register id, such as enterprise_year"))
      ->required();
  extract_command->add_option("--where", extract_options.where,
                              t("FEEL 条件：'规上 and 用地面积 > 3'", "a FEEL condition over the fields"));
  extract_command
      ->add_option("--fields", extract_options.fields,
                   t("只要这些字段，逗号分开", "only these fields, separated by commas"))
      ->delimiter(',');
  extract_command
      ->add_option("--sort", extract_options.sort,
                   t("按哪些字段排，前面加 - 为从大到小", "fields to sort by, - for falling"))
      ->delimiter(',')
      ->allow_extra_args(false);
  extract_command->add_option("--to", extract_options.to,
                              t("文件名 .xlsx 或 .csv", "file name .xlsx or .csv"));
  extract_command->add_option("--mark", extract_options.mark,
                              t("标记，如 内部；样例区县自动标 样例数据", "a mark such as 内部"));
  extract_command->add_flag("--template", extract_options.is_template,
                            t("空的填报表，带下拉与单位", "the empty sheet to fill in"));
  extract_command->callback(
      with_session([&](Session& s) { return cli::extract_register(s, extract_options); }));

  std::string dmn_file;
  DmnAskOptions ask_options;
  DmnImportOptions dmn_options;
  DmnExportOptions dmn_export_options;
  auto* dmn_command =
      app.add_subcommand("dmn", t("DMN 模型：检查、求值、转成政策包，政策包的决策表写成 DMN",
                                  "DMN models: check, ask, import into a pack, export a decision of one"));
  dmn_command->require_subcommand(1);
  auto* dmn_check_command = dmn_command->add_subcommand(
      "check", t("读一个 DMN 1.2 至 1.5 模型：毛病一次列全，列出可以问的决策",
                 "read a DMN 1.2 to 1.5 model: every mistake at once, and what may be asked"));
  dmn_check_command->add_option("file", dmn_file, t("模型文件 .dmn", "model file .dmn"))->required();
  dmn_check_command->callback([&] { exit = cli::dmn_check(common, dmn_file); });
  auto* dmn_ask_command = dmn_command->add_subcommand(
      "ask", t("求决策的值；不写名称就求全部", "the value of a decision; of all if none is named"));
  dmn_ask_command->add_option("file", ask_options.file, t("模型文件 .dmn", "model file .dmn"))->required();
  dmn_ask_command->add_option(
      "name", ask_options.name,
      t("决策、业务知识或决策服务的名称", "decision, knowledge model or decision service"));
  dmn_ask_command->add_option(
      "--input", ask_options.inputs,
      t("输入，FEEL 的上下文：'{税收: 120}'", "inputs as a FEEL context: '{tax: 120}'"));
  dmn_ask_command->callback([&] { exit = cli::dmn_ask(common, ask_options); });
  auto* dmn_import_command = dmn_command->add_subcommand(
      "import", t("把模型写成政策包里可读的 Markdown", "write the model as readable Markdown of a pack"));
  dmn_import_command->add_option("file", dmn_options.file, t("模型文件 .dmn", "model file .dmn"))->required();
  dmn_import_command->add_option("--into", dmn_options.into, t("政策包文件夹", "pack folder"))->required();
  dmn_import_command->add_flag("--replace", dmn_options.replace,
                               t("覆盖上次转来的文件", "overwrite the file of last time"));
  dmn_import_command->callback([&] { exit = cli::dmn_import(common, dmn_options); });
  auto* dmn_export_command = dmn_command->add_subcommand(
      "export", t("把政策包的一张决策表写成 DMN 1.3，别的建模工具能打开",
                  "write a decision table of a pack as DMN 1.3, for other modelling tools"));
  dmn_export_command->add_option("pack", common.pack, t("政策包文件夹", "pack folder"))->required();
  dmn_export_command
      ->add_option("decision", dmn_export_options.decision,
                   t("决策的 id 或名称", "id or name of the decision"))
      ->required();
  dmn_export_command->add_option("--to", dmn_export_options.to,
                                 t("文件名 .dmn；不写就打印", "file name .dmn; else printed"));
  dmn_export_command->callback([&] { exit = cli::dmn_export(common, dmn_export_options); });

  SimulateOptions simulate_options;
  auto* simulate_command =
      app.add_subcommand("simulate", t("试算：改参数、权重、基准、档位或一家企业，看谁移档、牵涉多少",
                                       "what if: change parameters, weights, bases, cuts or one enterprise"));
  simulate_command->add_option("pack", common.pack, t("政策包文件夹", "pack folder"));
  simulate_command->add_option("--set", simulate_options.set,
                               t("改动，可多次：综合评价.A=25", "a change, repeatable: 综合评价.A=25"));
  simulate_command->add_option("--with", simulate_options.with,
                               t("换成另一版政策包：文件夹，再写覆盖包，可多次",
                                 "another version of the pack in its place: folder, then overlays"));
  simulate_command->add_option("--variants", simulate_options.variants,
                               t("变体文件，一行一个，至多八个：名称 | 改动; 改动",
                                 "file of up to eight variants: name | change; change"));
  simulate_command->add_option("--sweep", simulate_options.sweep, t("逐格走一个值", "walk one value"));
  simulate_command->add_option(
      "--seek", simulate_options.seek,
      t("求达到目标的最小（最大）取值", "the smallest (largest) value that reaches a goal"));
  simulate_command->add_option(
      "--goal", simulate_options.goal,
      t("FEEL 条件：低效企业清单.用地面积 >= 1200", "a FEEL condition over the aggregates"));
  simulate_command->add_flag("--largest", simulate_options.largest, t("求最大值", "the largest value"));
  simulate_command->add_option("--from", simulate_options.from, t("起点", "from"));
  simulate_command->add_option("--to", simulate_options.to, t("终点", "to"));
  simulate_command->add_option("--step", simulate_options.step, t("步长", "step"));
  simulate_command->add_option("--robust", simulate_options.robust,
                               t("随机权重的组数：每家企业各档的份额、各指标的影响",
                                 "random weight vectors: shares of grades, influence of weights"));
  simulate_command->add_option("--seed", simulate_options.seed, t("随机数的种子", "seed"));
  simulate_command->add_option("--threads", simulate_options.threads, t("线程数", "threads"));
  simulate_command->add_flag("--close", simulate_options.close,
                             t("临界企业，以及权重动 1 分多少家移档",
                               "who stands close to a line; what one point of a weight moves"));
  simulate_command->add_option("--scheme", simulate_options.scheme, t("只看这个方案", "this scheme alone"));
  simulate_command->callback(with_session([&](Session& s) { return simulate_changes(s, simulate_options); }));

  RiseOptions rise_options;
  auto* rise_command = app.add_subcommand(
      "rise", t("升档测算：每一项最小改多少能升一档，已复算", "what would lift one enterprise a grade"));
  rise_command->add_option("code", rise_options.key, t("统一社会信用代码", "credit code"))->required();
  rise_command->add_option("--scheme", rise_options.scheme, t("只看一个方案", "one scheme"));
  rise_command->add_option(
      "--cost", rise_options.costs,
      t("改一个单位的成本，可多次：用地面积=30", "cost of a unit of change: field=number"));
  rise_command->add_option("--min", rise_options.minimums, t("下界，可多次：用地面积=10", "lower bound"));
  rise_command->add_option("--max", rise_options.maximums, t("上界，可多次：实缴税收=500", "upper bound"));
  rise_command->callback(with_session([&](Session& s) { return cli::rise(s, rise_options); }));

  ImpactOptions impact_options;
  auto* impact_command = app.add_subcommand(
      "impact", t("更正一个数之前，列出它牵动的结果、清单和目标", "what one corrected value would move"));
  impact_command->add_option("register", impact_options.register_id, t("台账", "register"))->required();
  impact_command->add_option("key", impact_options.key, t("记录的键，如信用代码", "key of the record"))
      ->required();
  impact_command->add_option("field", impact_options.field, t("字段", "field"))->required();
  impact_command->add_option("value", impact_options.value, t("更正后的值", "the corrected value"))
      ->required();
  impact_command->callback(with_session([&](Session& s) { return cli::impact(s, impact_options); }));

  add_collection_commands(app, common, with_session);
  add_correction_commands(app, common, with_session);
  add_identity_commands(app, common, with_session);

  ServeOptions serve_options;
  auto* serve_command = app.add_subcommand("serve", t("启动服务：网页与接口，缺省只在 127.0.0.1",
                                                      "serve the application and its API, on 127.0.0.1"));
  serve_command->add_option("--port", serve_options.port,
                            t("端口，缺省 8020 或其后的空闲端口", "port; else 8020 or the next free one"));
  serve_command->add_option("--address", serve_options.address, t("监听地址", "address to listen on"))
      ->capture_default_str();
  serve_command->add_option("--tls-cert", serve_options.tls_cert, t("证书链，PEM", "certificate chain, PEM"));
  serve_command->add_option("--tls-key", serve_options.tls_key, t("私钥，PEM", "private key, PEM"));
  serve_command
      ->add_option("--web", serve_options.web, t("网页应用的文件夹", "folder of the web application"))
      ->capture_default_str();
  serve_command->add_option("--log", serve_options.log,
                            t("请求日志，缺省在数据文件夹；- 为标准错误",
                              "log of requests, in the data folder if not given; - is standard error"));
  serve_command->callback(with_session([&](Session& s) { return cli::serve(s, serve_options); }));
  app.add_subcommand("openapi",
                     t("打印接口说明（OpenAPI 3.1）", "print the description of the API (OpenAPI 3.1)"))
      ->callback(with_session([&](Session& s) { return cli::openapi(s); }));

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "%s: %s\n%s\n", t("用法有误", "Usage").c_str(), error.what(),
                 t("运行 tenglong --help 或 tenglong <命令> --help。",
                   "Run tenglong --help or tenglong <command> --help.")
                     .c_str());
    return static_cast<int>(Exit::Usage);
  }
  return static_cast<int>(exit);
}

}  // namespace

int main(int argc, char** argv) {
  const Language language = language_of(argc, argv);
  try {
    return run_program(argc, argv);
  } catch (const tenglong::store::StoreFailure& failure) {
    std::fprintf(stderr, "%s\n", tenglong::text::in_language(failure.message, language).c_str());
    return static_cast<int>(Exit::Outside);
  } catch (const tenglong::Bug& bug) {
    std::fprintf(stderr, "%s\n  %s\n",
                 say(language, "程序自己出了错，请把下面一行发给维护者。",
                     "The program made a mistake; please send the next line to its keepers.")
                     .c_str(),
                 bug.what());
    return static_cast<int>(Exit::Bug);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n  %s\n",
                 say(language, "运行环境出了问题。", "Something outside failed.").c_str(), failure.what());
    return static_cast<int>(Exit::Outside);
  }
}
