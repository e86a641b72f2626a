#include <algorithm>

#include "campaign/access/access.h"
#include "engine/text/ensure.h"
#include "engine/text/text.h"

namespace tenglong::access {

namespace {

using diagnostic::Diagnostics;
using pack::AccessWord;

constexpr std::array<OperationInfo, kOperations> kCatalogue = {{
    {Operation::ReadRecord, "read_record", "看台账", true},
    {Operation::SearchRecord, "search_record", "查找", true},
    {Operation::CountRecord, "count_record", "计数汇总", true},
    {Operation::ExportRecord, "export_record", "导出台账", true},
    {Operation::ViewMap, "view_map", "看地图", true},
    {Operation::ReadHistory, "read_history", "看历史", true},
    {Operation::OpenFile, "open_file", "打开附件", true},
    {Operation::ImportBatch, "import_batch", "导入来表", false},
    {Operation::ConfirmItem, "confirm_item", "确认数据项", false},
    {Operation::ChooseRival, "choose_rival", "选定冲突值", false},
    {Operation::LockYear, "lock_year", "锁定年度", false},
    {Operation::ProposeCorrection, "propose_correction", "提更正单", false},
    {Operation::ApproveCorrection, "approve_correction", "批更正单", false},
    {Operation::ReadResult, "read_result", "看结果", true},
    {Operation::ExplainResult, "explain_result", "看理由", true},
    {Operation::TryScheme, "try_scheme", "试跑评价", true},
    {Operation::SaveSimulation, "save_simulation", "存试算", false},
    {Operation::PublishResult, "publish_result", "公布结果", false},
    {Operation::Appeal, "appeal", "申诉", false},
    {Operation::EditPack, "edit_pack", "改规则", false},
    {Operation::ApprovePack, "approve_pack", "批规则", false},
    {Operation::FillGap, "fill_gap", "填待补参数", false},
    {Operation::ApproveGap, "approve_gap", "批待补参数", false},
    {Operation::ReadReceipt, "read_receipt", "看来件与回执", true},
    {Operation::SendReceipt, "send_receipt", "发回执", false},
    {Operation::GiveConsent, "give_consent", "授权外单位", false},
    {Operation::WithdrawConsent, "withdraw_consent", "撤回授权", false},
    {Operation::ManageAccount, "manage_account", "管账号", false},
    {Operation::GrantRole, "grant_role", "授予角色", false},
    {Operation::ReadTrail, "read_trail", "看留痕", true},
    {Operation::VerifyTrail, "verify_trail", "核留痕", true},
    {Operation::Backup, "backup", "备份", false},
    {Operation::RemoveFile, "remove_file", "清附件", false},
    {Operation::Restore, "restore", "恢复", false},
}};

diagnostic::Diagnostic told(const char* code, const diagnostic::Place& place, text::Words message,
                            text::Words advice) {
  return {.code = code,
          .severity = code[0] == 'W' ? diagnostic::Severity::Warning : diagnostic::Severity::Error,
          .place = place,
          .message = std::move(message),
          .advice = std::move(advice)};
}

// Words of one kind; an unknown one is told with its nearest.
template <typename Known>
std::vector<std::size_t> positions(const std::vector<AccessWord>& words, const char* what_zh,
                                   const char* what_en, std::size_t count, const Known& names_of,
                                   Diagnostics& diagnostics) {
  std::vector<std::size_t> out;
  for (const AccessWord& word : words) {
    std::size_t found = count;
    std::vector<std::string> all;
    for (std::size_t i = 0; i < count; ++i)
      for (const std::string& name : names_of(i)) {
        all.push_back(name);
        if (name == word.text) found = i;
      }
    if (found < count) {
      out.push_back(found);
      continue;
    }
    const std::string near = text::nearest(word.text, all);
    diagnostics.push_back(
        told("E-ACCESS-101", word.place,
             {std::string("没有这种") + what_zh + "：“" + word.text + "”。",
              std::string("There is no such ") + what_en + ": “" + word.text + "”."},
             near.empty() ? text::Words{"查对写法，见 docs/pack-language.md。", "See docs/pack-language.md."}
                          : text::Words{"是不是“" + near + "”？", "Did you mean “" + near + "”?"}));
  }
  return out;
}

}  // namespace

const std::array<OperationInfo, kOperations>& operations() { return kCatalogue; }
const OperationInfo& info(Operation operation) {
  const OperationInfo& out = kCatalogue[static_cast<std::size_t>(operation)];
  ensure(out.operation == operation, "the catalogue is in the order of the operations");
  return out;
}

Policy Policy::compile(const pack::Pack& pack, Diagnostics& diagnostics) {
  Policy out;
  out.schema_ = &pack.schema;
  for (const pack::Access& block : pack.access)
    for (const pack::AccessRole& role : block.roles) {
      const bool is_known = std::any_of(out.roles_.begin(), out.roles_.end(),
                                        [&](const Role& each) { return each.id == role.id; });
      if (!is_known) out.roles_.push_back({role.id, role.name, role.is_outside, {}});
    }
  const auto role_names = [&](std::size_t i) {
    return std::vector<std::string>{out.roles_[i].name, out.roles_[i].id};
  };
  const auto operation_names = [](std::size_t i) {
    return std::vector<std::string>{kCatalogue[i].zh, kCatalogue[i].id};
  };
  const auto relation_names = [](std::size_t i) { return std::vector<std::string>{kRelationNames[i]}; };
  const auto state_names = [](std::size_t i) { return std::vector<std::string>{kStateNames[i]}; };
  const auto level_names = [](std::size_t i) { return std::vector<std::string>{schema::kSensitivities[i]}; };

  std::array<bool, kOperations> has_line{};
  for (const pack::Access& block : pack.access) {
    if (block.small_count)
      out.small_count_ = std::max(out.small_count_, block.small_count->to_integer().value_or(0));
    for (const pack::AccessMask& mask : block.masks) out.add_mask(pack, mask, diagnostics);
    for (const auto& group : block.apart) {
      std::vector<std::string> ids;
      for (const std::size_t each :
           positions(group, "角色", "role", out.roles_.size(), role_names, diagnostics))
        ids.push_back(out.roles_[each].id);
      out.apart_.push_back(std::move(ids));
    }
    for (const auto& pair : block.separate) {
      const auto found = positions(pair, "操作", "operation", kOperations, operation_names, diagnostics);
      if (found.size() == 2)
        out.separate_.emplace(kCatalogue[found[0]].operation, kCatalogue[found[1]].operation);
    }
    for (const pack::AccessLine& line : block.lines) {
      const auto roles = positions(line.roles, "角色", "role", out.roles_.size(), role_names, diagnostics);
      const auto operations =
          positions(line.operations, "操作", "operation", kOperations, operation_names, diagnostics);
      const auto relations =
          positions(line.relations, "关系", "relation", kRelations, relation_names, diagnostics);
      auto states = positions(line.states, "状态", "state", kStates, state_names, diagnostics);
      if (line.states.empty())
        for (std::size_t i = 0; i < kStates; ++i) states.push_back(i);
      std::size_t level = static_cast<std::size_t>(Sensitivity::Internal);
      if (!line.level.text.empty()) {
        const auto found =
            positions({line.level}, "字段级别", "level of fields", 3, level_names, diagnostics);
        if (found.empty()) continue;
        level = found[0];
      }
      out.lines_.push_back({roles, operations, relations, states, level, line.place, line.condition.text});
      if (!line.condition.text.empty()) {
        for (const std::size_t operation : operations) has_line[operation] = true;
        out.add_conditional(pack, line, {roles, operations, relations, states, level}, diagnostics);
        continue;
      }
      bool adds = false;
      for (const std::size_t role : roles)
        for (const std::size_t operation : operations) {
          has_line[operation] = true;
          for (const std::size_t relation : relations)
            for (const std::size_t state : states) {
              std::uint8_t& granted = out.roles_[role].grants[operation][relation][state];
              adds = adds || granted < level + 1;
              granted = std::max(granted, static_cast<std::uint8_t>(level + 1));
            }
        }
      if (!adds && !roles.empty() && !operations.empty() && !relations.empty())
        diagnostics.push_back(told(
            "W-ACCESS-103", line.place,
            {"这一行什么也没多给：前面的行已经给了。", "This line grants nothing more than those before it."},
            {"删去它，或核对写法。", "Remove it, or check it."}));
    }
  }
  if (pack.access.empty()) {
    diagnostics.push_back(
        told("W-ACCESS-104", {},
             {"政策包没有权限表：没有写的都不许，所以谁也不能做任何事。",
              "The pack has no table of rights: what no line grants is denied, so nobody may do anything."},
             {"在 pack.md 里写 includes: [standard]，用缺省的一张；或写一个 access 块。",
              "Include the standard pack, or write an access block."}));
    return out;
  }
  const diagnostic::Place& place = pack.access.front().place;
  for (std::size_t i = 0; i < kOperations; ++i)
    if (!has_line[i])
      diagnostics.push_back(told("E-ACCESS-102", place,
                                 {std::string("操作“") + kCatalogue[i].zh + "”没有一行说谁可以做。",
                                  std::string("No line says who may do “") + kCatalogue[i].id + "”."},
                                 {std::string("补一行：| 角色 | ") + kCatalogue[i].zh +
                                      " | 全区 | - | 内部 |；确实不许任何人做的，也要写明给哪个管理员。",
                                  "Add a line for it; give what nobody should do to an administrator."}));
  return out;
}

void Policy::add_conditional(const pack::Pack& pack, const pack::AccessLine& line, Conditional conditional,
                             Diagnostics& diagnostics) {
  conditional.text = line.condition.text;
  conditional.origin = {.file = line.condition.place.file,
                        .line = line.condition.place.line,
                        .column = line.condition.place.column};
  std::vector<std::string> names;
  for (const schema::Register& each : pack.schema.registers) {
    names.push_back(each.name);
    if (each.name == line.of.text || each.id == line.of.text) conditional.of = &each;
  }
  if (conditional.of == nullptr) {
    const std::string near = text::nearest(line.of.text, names);
    diagnostics.push_back(
        told("E-ACCESS-105", line.of.text.empty() ? line.condition.place : line.of.place,
             {"条件要说明是哪个台账的记录：“" + line.of.text + "”不是台账。",
              "A condition speaks of the records of a register, and “" + line.of.text + "” is none."},
             near.empty()
                 ? text::Words{"在“台账”一列写台账的名称。", "Write the register's name in the column 台账."}
                 : text::Words{"是不是“" + near + "”？", "Did you mean “" + near + "”?"}));
    return;
  }
  const std::size_t before = diagnostics.size();
  listing::Filter::read(pack.schema, *conditional.of, conditional.text, diagnostics, {}, conditional.origin);
  if (diagnostics.size() == before) conditional_.push_back(std::move(conditional));
}

void Policy::add_mask(const pack::Pack& pack, const pack::AccessMask& mask, Diagnostics& diagnostics) {
  bool is_known = false;
  std::vector<std::string> names;
  const auto characters = [](const std::optional<quantity::Decimal>& written) {
    return static_cast<std::size_t>(
        std::max<std::int64_t>(0, written ? written->to_integer().value_or(0) : 0));
  };
  for (const schema::Register& each : pack.schema.registers)
    for (const schema::Field& field : each.fields) {
      names.push_back(field.name);
      if (field.id != mask.field.text && field.name != mask.field.text) continue;
      is_known = true;
      masks_[field.id] = {characters(mask.first), characters(mask.last)};
    }
  if (is_known) return;
  const std::string near = text::nearest(mask.field.text, names);
  diagnostics.push_back(told(
      "E-ACCESS-106", mask.field.place,
      {"没有台账有叫“" + mask.field.text + "”的字段。", "No register has a field “" + mask.field.text + "”."},
      near.empty() ? text::Words{"查对字段名。", "Check the field's name."}
                   : text::Words{"是不是“" + near + "”？", "Did you mean “" + near + "”?"}));
}

bool Policy::is_separate(Operation first, Operation second) const {
  return separate_.contains({first, second});
}

std::vector<std::string> Policy::roles() const {
  std::vector<std::string> out;
  for (const Role& each : roles_) out.push_back(each.id);
  return out;
}

std::vector<std::string> Policy::role_names() const {
  std::vector<std::string> out;
  for (const Role& each : roles_) out.push_back(each.name);
  return out;
}

std::optional<std::string> Policy::role_of(std::string_view name) const {
  for (const Role& each : roles_)
    if (each.name == name || each.id == name) return each.id;
  return std::nullopt;
}

Scope Policy::scope_of(const Account& account, const std::vector<Consent>& consents, calendar::Date today,
                       Diagnostics* diagnostics) const {
  Scope out;
  out.policy_ = this;
  out.account_ = account;
  bool is_good = true;
  const auto tell = [&](const char* code, text::Words message, text::Words advice) {
    is_good = false;
    if (diagnostics) diagnostics->push_back(told(code, {}, std::move(message), std::move(advice)));
  };
  for (const std::string& role : account.roles) {
    const auto found =
        std::find_if(roles_.begin(), roles_.end(), [&](const Role& each) { return each.id == role; });
    if (found == roles_.end())
      tell("E-ACCESS-201",
           {"账号“" + account.id + "”的角色“" + role + "”没有定义。",
            "The role “" + role + "” of account “" + account.id + "” is not defined."},
           {"查对角色，或在政策包的 access 里定义。", "Check the role, or define it in the pack."});
    else
      out.roles_.push_back(static_cast<std::size_t>(found - roles_.begin()));
  }
  for (const auto& group : apart_) {
    std::vector<std::string> held;
    for (const std::string& each : account.roles)
      if (std::find(group.begin(), group.end(), each) != group.end()) held.push_back(each);
    if (held.size() > 1)
      tell("E-ACCESS-202",
           {"账号“" + account.id + "”同时有“" + held[0] + "”和“" + held[1] + "”，这两个角色必须分开。",
            "Account “" + account.id + "” holds “" + held[0] + "” and “" + held[1] +
                "”, which must be apart."},
           {"去掉其中一个角色。", "Take one of them away."});
  }
  // One who is outside in any role is outside, and so is who has no role.
  out.is_outside_ = out.roles_.empty();
  for (const std::size_t each : out.roles_) out.is_outside_ = out.is_outside_ || roles_[each].is_outside;
  if (!is_good) out.roles_.clear();
  for (const Conditional& each : conditional_) {
    const bool is_ours = std::any_of(each.roles.begin(), each.roles.end(), [&](std::size_t role) {
      return std::find(out.roles_.begin(), out.roles_.end(), role) != out.roles_.end();
    });
    out.conditions_.push_back(nullptr);
    if (!is_ours) continue;
    Diagnostics told_before;
    out.conditions_.back() = std::make_shared<const listing::Filter>(listing::Filter::read(
        *schema_, *each.of, each.text, told_before, {.now = feel::DateTime{.date = today}}, each.origin));
  }
  for (const Consent& each : consents) {
    const bool is_valid = each.unit == account.unit && each.from <= today &&
                          (!each.to || today <= *each.to) && (!each.withdrawn || today < *each.withdrawn);
    if (is_valid) out.consented_.insert(each.firm);
  }
  return out;
}

std::vector<MatrixRow> Policy::matrix() const {
  std::vector<MatrixRow> out;
  for (const Role& role : roles_)
    for (std::size_t operation = 0; operation < kOperations; ++operation)
      for (std::size_t relation = 0; relation < kRelations; ++relation)
        for (std::size_t state = 0; state < kStates; ++state) {
          const std::uint8_t granted = role.grants[operation][relation][state];
          out.push_back({role.id, kCatalogue[operation].operation, static_cast<Relation>(relation),
                         static_cast<State>(state),
                         granted == 0 ? std::nullopt : std::optional(static_cast<Sensitivity>(granted - 1))});
        }
  return out;
}

}  // namespace tenglong::access
