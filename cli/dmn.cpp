#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/inside/commands.h"
#include "engine/dmn/block_model.h"
#include "engine/dmn/pack_blocks.h"
#include "engine/dmn/program.h"
#include "engine/feel/evaluate.h"

namespace tenglong::cli {

namespace {

namespace fs = std::filesystem;

std::optional<std::string> bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// The model of the file, and those beside it that it may import. Empty if it cannot be read; that is told.
std::vector<dmn::Model> read_models(const std::string& file, const Common& common,
                                    diagnostic::Diagnostics& diagnostics) {
  std::vector<dmn::Model> out;
  const std::optional<std::string> bytes = bytes_of(file);
  if (!bytes || fs::is_directory(file)) {
    std::fprintf(
        stderr, "%s：%s\n", file.c_str(),
        say(common.language, "读不到这个文件，请核对路径。", "this file cannot be read; check the path.")
            .c_str());
    return out;
  }
  std::optional<dmn::Model> model = dmn::read_model(*bytes, file, diagnostics);
  if (!model) return out;
  const bool has_imports = !model->imports.empty();
  out.push_back(std::move(*model));
  if (!has_imports) return out;
  std::vector<fs::path> beside;
  std::error_code ignored;
  for (const fs::directory_entry& each : fs::directory_iterator(fs::absolute(file).parent_path(), ignored))
    if (each.path().extension() == ".dmn" && !fs::equivalent(each.path(), file, ignored))
      beside.push_back(each.path());
  std::sort(beside.begin(), beside.end());
  for (const fs::path& each : beside) {
    diagnostic::Diagnostics of_another;
    if (const auto other_bytes = bytes_of(each))
      if (auto other = dmn::read_model(*other_bytes, each.string(), of_another))
        out.push_back(std::move(*other));
  }
  return out;
}

}  // namespace

Exit dmn_check(const Common& common, const std::string& file) {
  diagnostic::Diagnostics diagnostics;
  std::vector<dmn::Model> models = read_models(file, common, diagnostics);
  if (models.empty()) {
    print_diagnostics(diagnostics, common);
    return diagnostics.empty() ? Exit::Usage : Exit::Findings;
  }
  const auto program = dmn::Program::compile(std::move(models), diagnostics);
  program->check_tables(diagnostics);
  print_diagnostics(diagnostics, common);
  for (const dmn::Question& each : program->questions()) {
    std::string inputs;
    for (const std::string& input : each.inputs) inputs += (inputs.empty() ? "" : ", ") + input;
    std::printf("%s(%s)\n", each.name.c_str(), inputs.c_str());
  }
  return diagnostic::has_errors(diagnostics) ? Exit::Findings : Exit::Ok;
}

Exit dmn_ask(const Common& common, const DmnAskOptions& options) {
  diagnostic::Diagnostics diagnostics;
  std::vector<dmn::Model> models = read_models(options.file, common, diagnostics);
  if (models.empty()) {
    print_diagnostics(diagnostics, common);
    return diagnostics.empty() ? Exit::Usage : Exit::Findings;
  }
  const auto program = dmn::Program::compile(std::move(models), diagnostics);
  print_diagnostics(diagnostics, common);
  feel::Context inputs;
  if (!options.inputs.empty()) {
    const feel::Parsed parsed = feel::parse(options.inputs, feel::NameSet{}, {.file = "--input"});
    if (!parsed.tree) {
      print_diagnostics(parsed.diagnostics, common);
      return Exit::Usage;
    }
    const feel::Evaluation given = feel::evaluate(*parsed.tree, feel::ContextEnvironment({}));
    if (given.value.kind() != feel::Kind::Context) {
      std::fprintf(stderr, "%s\n",
                   say(common.language, "--input 要写成 FEEL 的上下文，如 '{税收: 120, 面积: 10}'。",
                       "--input is a FEEL context, such as '{tax: 120, area: 10}'.")
                       .c_str());
      return Exit::Usage;
    }
    inputs = given.value.context();
  }
  bool is_known = false;
  for (const dmn::Question& each : program->questions()) {
    if (!options.name.empty() && each.name != options.name) continue;
    if (options.name.empty() && each.kind != dmn::ElementKind::Decision) continue;
    is_known = true;
    const dmn::Outcome outcome = program->ask(each.kind, each.name, inputs);
    std::printf("%s = %s\n", each.name.c_str(), outcome.value.to_feel().c_str());
    for (const dmn::Told& told : outcome.told)
      std::fprintf(stderr, "  ← %s %s\n", diagnostic::to_string(told.place).c_str(),
                   text::in_language(told.message, common.language).c_str());
  }
  if (is_known) return diagnostic::has_errors(diagnostics) ? Exit::Findings : Exit::Ok;
  std::fprintf(
      stderr, "%s",
      say(common.language, "模型里没有这个决策。可以问的有：", "There is no such decision. There are: ")
          .c_str());
  for (const dmn::Question& each : program->questions()) std::fprintf(stderr, " %s", each.name.c_str());
  std::fprintf(stderr, "\n");
  return Exit::Usage;
}

Exit dmn_import(const Common& common, const DmnImportOptions& options) {
  diagnostic::Diagnostics diagnostics;
  const std::vector<dmn::Model> models = read_models(options.file, common, diagnostics);
  if (models.empty()) {
    print_diagnostics(diagnostics, common);
    return diagnostics.empty() ? Exit::Usage : Exit::Findings;
  }
  const fs::path folder = options.into;
  if (!fs::exists(folder / "pack.md")) {
    std::fprintf(stderr, "%s：%s\n", options.into.c_str(),
                 say(common.language, "这里没有 pack.md，不是政策包文件夹。",
                     "there is no pack.md; this is no policy pack.")
                     .c_str());
    return Exit::Usage;
  }
  const fs::path target = folder / (fs::path(options.file).stem().string() + ".dmn.md");
  if (fs::exists(target) && !options.replace) {
    std::fprintf(stderr, "%s：%s\n", target.c_str(),
                 say(common.language, "已经有了，没有覆盖；要覆盖加 --replace。",
                     "is there already and was kept; --replace overwrites it.")
                     .c_str());
    return Exit::Usage;
  }
  const dmn::PackBlocks blocks = dmn::as_pack_blocks(models.front(), diagnostics);
  print_diagnostics(diagnostics, common);
  std::ofstream out(target, std::ios::binary);
  out << blocks.markdown;
  if (!out.flush()) {
    std::fprintf(stderr, "%s：%s\n", target.c_str(),
                 say(common.language, "写不进去。", "cannot be written.").c_str());
    return Exit::Outside;
  }
  std::printf("%s\n", target.c_str());
  std::printf(
      "%s\n",
      (common.language == Language::English
           ? std::to_string(blocks.registers) + " register, " + std::to_string(blocks.codes) +
                 " code lists, " + std::to_string(blocks.decisions) + " decision tables, " +
                 std::to_string(blocks.indicators) + " indicators. Next: tenglong check " + options.into
           : std::to_string(blocks.registers) + " 个台账、" + std::to_string(blocks.codes) + " 个代码表、" +
                 std::to_string(blocks.decisions) + " 张决策表、" + std::to_string(blocks.indicators) +
                 " 个指标。下一步：tenglong check " + options.into)
          .c_str());
  return diagnostic::has_errors(diagnostics) ? Exit::Findings : Exit::Ok;
}

Exit dmn_export(const Common& common, const DmnExportOptions& options) {
  const pack::ReadPack read = pack::read_pack(common.pack, common.overlays);
  if (!read.pack) {
    print_diagnostics(read.diagnostics, common);
    return Exit::Findings;
  }
  const pack::Decision* found = nullptr;
  for (const pack::Decision& each : read.pack->decisions)
    if (each.id == options.decision || (found == nullptr && each.name == options.decision)) found = &each;
  if (found == nullptr) {
    std::fprintf(
        stderr, "%s",
        say(common.language, "包里没有这个决策。有：", "The pack has no such decision. There are: ").c_str());
    for (const pack::Decision& each : read.pack->decisions)
      std::fprintf(stderr, " %s（%s）", each.id.c_str(), each.name.c_str());
    std::fprintf(stderr, "\n");
    return Exit::Usage;
  }
  dmn::BlockModel model = dmn::model_of(pack::written_at(found->place), *read.pack);
  if (!model.told.empty()) {
    for (diagnostic::Diagnostic& each : model.told) each.place = found->place;
    print_diagnostics(model.told, common);
    return Exit::Findings;
  }
  if (!model.has_twin)
    std::fprintf(stderr, "%s\n",
                 (model.hit +
                  say(common.language, "：标准里没有，写成 PRIORITY，结论按代码表的先后排，答案相同。",
                      " is not in the standard: written as PRIORITY over the codes in their deciding order; "
                      "the answers are the same."))
                     .c_str());
  if (options.to.empty()) {
    std::fputs(model.xml.c_str(), stdout);
    return Exit::Ok;
  }
  std::ofstream out(options.to, std::ios::binary);
  out << model.xml;
  if (out.flush()) return Exit::Ok;
  std::fprintf(stderr, "%s：%s\n", options.to.c_str(),
               say(common.language, "写不进去。", "cannot be written.").c_str());
  return Exit::Outside;
}

}  // namespace tenglong::cli
