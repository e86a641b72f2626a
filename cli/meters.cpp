// 抄表: readings in, figures out.
#include "engine/meter/meter.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "cli/inside/commands.h"
#include "engine/fingerprint/fingerprint.h"

namespace tenglong::cli {

namespace {

std::string fingerprint_of_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return fingerprint::of_bytes(bytes.str());
}

}  // namespace

Exit meters_import(Session& session, const MetersOptions& options) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  std::string kind = options.kind;
  if (kind.empty() && pack->rollups.size() == 1) kind = pack->rollups[0].meter;
  if (kind.empty()) {
    std::fprintf(stderr, "%s\n",
                 say(session.language(), "用 --kind 写明是哪一类表，如 电。",
                     "Say with --kind which meters these are.")
                     .c_str());
    return Exit::Usage;
  }
  const auto units = meter::units_of(*pack, kind);
  if (!units) {
    std::string all;
    for (const pack::Rollup& each : pack->rollups)
      if (all.find(each.meter) == std::string::npos) all += (all.empty() ? "" : "、") + each.meter;
    print_diagnostics(
        {{.code = "E-METER-109",
          .place = {.file = options.file},
          .message = {"政策包里没有“" + kind + "”这一类表，读数加不到任何数里。",
                      "The pack adds up no meters of the kind “" + kind + "”."},
          .advice =
              all.empty()
                  ? text::Words{"先在政策包里写 yaml rollup。", "Write a yaml rollup in the pack first."}
                  : text::Words{"--kind 写其中之一：" + all + "；或先在政策包里写 yaml rollup。",
                                "Say one of: " + all + "; or write a yaml rollup first."}}},
        session.common());
    return Exit::Findings;
  }
  const auto writer = session.store().meters().write(kind, options.file, fingerprint_of_file(options.file));
  const meter::ReadReadings read =
      meter::read_readings(options.file, *units, [&](const meter::Reading& each) { writer->add(each); });
  print_diagnostics(read.diagnostics, session.common());
  if (diagnostic::has_errors(read.diagnostics)) {
    std::printf("%s：%lld %s\n", options.file.c_str(), static_cast<long long>(read.wrong),
                say(session.language(), "行有错，整份文件没有写入", "wrong rows; nothing was kept").c_str());
    return Exit::Findings;
  }
  const meter::Arrival arrival = writer->commit();
  diagnostic::Diagnostics contradicted;
  for (const meter::Reading& each : arrival.contradicted)
    contradicted.push_back(
        {.code = "E-METER-108",
         .place = {.file = options.file, .cell = each.meter},
         .message = {"表 " + each.meter + " 在 " + each.at + " 有两个不同的读数。",
                     "Meter " + each.meter + " has two different readings at " + each.at + "."},
         .advice = {"核对后改正文件；整份文件没有写入。", "Correct the file; nothing of it was kept."}});
  print_diagnostics(contradicted, session.common());
  if (!contradicted.empty()) return Exit::Findings;
  std::printf("%s：%lld %s，%lld %s\n", options.file.c_str(), static_cast<long long>(arrival.added),
              say(session.language(), "条写入", "added").c_str(), static_cast<long long>(arrival.known),
              say(session.language(), "条已有", "known").c_str());
  return Exit::Ok;
}

Exit meters_roll_up(Session& session) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  const auto period = calendar::Period::parse(session.common().period);
  if (!period) {
    std::fprintf(stderr, "%s\n",
                 say(session.language(), "用 --period 写明期间，如 2023 或 2023-05。",
                     "Say with --period which one: 2023 or 2023-05.")
                     .c_str());
    return Exit::Usage;
  }
  bool has_trouble = false, has_any = false;
  for (const pack::Rollup& rollup : pack->rollups) {
    const schema::Register* target = pack->schema.find(rollup.of);
    const bool fits =
        (target->period == schema::PeriodKey::Year && period->kind == calendar::PeriodKind::Year) ||
        (target->period == schema::PeriodKey::Quarter && period->kind == calendar::PeriodKind::Quarter) ||
        (target->period == schema::PeriodKey::Month && period->kind == calendar::PeriodKind::Month);
    if (!fits) continue;
    has_any = true;
    meter::RolledUp out =
        meter::roll_up(rollup, pack->schema, *period,
                       session.store().meters().tally(rollup.meter, *period, rollup.within_hours));
    print_diagnostics(out.diagnostics, session.common());
    has_trouble = has_trouble || !out.diagnostics.empty();
    out.batch.received_at = now_text();
    registers::RegisterStore& registers = session.store().registers();
    const bool is_known =
        registers.same_file(out.batch.register_id, out.batch.provider, out.batch.file_fingerprint)
            .has_value();
    if (!is_known && !out.statements.empty()) {
      const auto writer = registers.write(out.batch);
      for (const registers::Statement& each : out.statements) writer->add(each);
      writer->commit(out.batch);
    }
    std::printf("%s：%zu %s%s，%zu %s\n", rollup.name.c_str(), out.statements.size(),
                say(session.language(), "家出数", "figures").c_str(),
                is_known ? say(session.language(), "（与上次相同）", " (as before)").c_str() : "",
                out.diagnostics.size(), say(session.language(), "处不能相加", "troubles").c_str());
  }
  if (!has_any)
    std::fprintf(stderr, "%s\n",
                 say(session.language(), "政策包里没有这种期间的抄表汇总（yaml rollup）。",
                     "The pack has no roll-up (yaml rollup) of such a period.")
                     .c_str());
  session.data_changed();
  return has_any && !has_trouble ? Exit::Ok : Exit::Findings;
}

}  // namespace tenglong::cli
