#include "engine/sheet/inside/refusal.h"

namespace tenglong::sheet {

Diagnostic damaged(Place place, const std::string& part, const Words& reason) {
  const std::string where = part.empty() ? "" : "（" + part + "）";
  const std::string where_en = part.empty() ? "" : " (" + part + ")";
  return refusal("E-SHEET-106", std::move(place),
                 {"文件不完整，读到一半读不下去" + where + "：" + reason.zh + "。",
                  "The file is damaged or cut off" + where_en + ": " + reason.en + "."},
                 {"请在原来的电脑上重新打开、另存一次再传；若打不开，请向提供者要原件。",
                  "Open it where it came from, save it again and send that; if it does not open, ask for the "
                  "original."});
}

Diagnostic too_large(Place place, const Words& what, const std::string& limit) {
  return refusal(
      "E-SHEET-109", std::move(place),
      {"文件超出可以安全读取的大小：" + what.zh + "超过 " + limit + "。",
       "The file is larger than can be read safely: " + what.en + " exceeds " + limit + "."},
      {"请只保留需要报送的工作表和列，删去空白行列后另存为新的 xlsx；仍然过大的，请分成几份报送。",
       "Keep only the sheets and columns to be reported, delete blank rows and columns, and save as a new "
       "xlsx; split it if it is still too large."});
}

Diagnostic password_protected(Place place) {
  return refusal(
      "E-SHEET-104", std::move(place),
      {"文件设了打开密码，读不出内容。", "The file is protected by a password and cannot be read."},
      {"请用 Excel 或 WPS 打开，在“文件—信息—保护工作簿（文档加密）”里清除密码后保存再传。",
       "Open it, clear the password under File, Info, Protect Workbook, save it and send that."});
}

}  // namespace tenglong::sheet
