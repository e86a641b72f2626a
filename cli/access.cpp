#include "campaign/access/access.h"

#include <cstdio>

#include "cli/inside/commands.h"

namespace tenglong::cli {

// Who may do what, an operation a line; with --csv every cell that is granted.
Exit access_rights(Session& session, bool as_csv) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  diagnostic::Diagnostics diagnostics;
  const access::Policy policy = access::Policy::compile(*pack, diagnostics);
  print_diagnostics(diagnostics, session.common());
  const std::vector<access::MatrixRow> matrix = policy.matrix();
  if (as_csv) std::printf("role,operation,relation,state,level\n");
  for (const access::OperationInfo& operation : access::operations()) {
    std::string line, last_role;
    for (const access::MatrixRow& row : matrix) {
      if (row.operation != operation.operation || !row.level) continue;
      const char* relation = access::kRelationNames[static_cast<std::size_t>(row.relation)];
      if (as_csv) {
        std::printf("%s,%s,%s,%s,%s\n", row.role.c_str(), operation.id, relation,
                    access::kStateNames[static_cast<std::size_t>(row.state)],
                    schema::kSensitivities[static_cast<std::size_t>(*row.level)]);
        continue;
      }
      const std::string one = row.role + "（" + relation + "）";
      if (line.find(one) == std::string::npos) line += (line.empty() ? "" : "、") + one;
    }
    if (!as_csv) std::printf("%s %s：%s\n", operation.zh, operation.id, line.empty() ? "—" : line.c_str());
  }
  return diagnostic::has_errors(diagnostics) ? Exit::Findings : Exit::Ok;
}

}  // namespace tenglong::cli
