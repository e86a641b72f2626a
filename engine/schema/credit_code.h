// 统一社会信用代码, GB 32100-2015: alphabet, check digits, what is wrong with one as written, and made-up
// valid ones.
//
// In:    a code as somebody typed it. Out: the mended form and every remark about it.
// Never: changes a letter on its own but case and width; I, O, S, V, Z are only pointed at (DS-07).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tenglong::schema {

inline constexpr std::string_view kCreditCodeAlphabet =
    "0123456789ABCDEFGHJKLMNPQRTUWXY";  // GB 32100: no I O S V Z

enum class CreditCodeFault {
  None,
  Scientific,  // 9.13309E+17: a spreadsheet program has lost digits
  Length,      // not 18
  Letter,      // a character outside the alphabet
  CheckDigit,  // the 18th does not fit: wrong, or one of the genuine early codes (DS-06)
};

struct CreditCode {
  std::string code;  // half-width, upper case, without blanks
  CreditCodeFault fault = CreditCodeFault::None;
  char expected_check = 0;         // the 18th character that would fit, where it can be told
  bool organisation_fits = false;  // characters 9-17 pass GB 11714's own check
  bool is_usable() const { return fault == CreditCodeFault::None || fault == CreditCodeFault::CheckDigit; }
};
CreditCode read_credit_code(std::string_view written);

// The 18th character for the first 17; nullopt if one of them is not in the alphabet.
std::optional<char> credit_code_check(std::string_view first_17);
// GB 11714: the 9th character of an organisation code for its first 8.
std::optional<char> organisation_code_check(std::string_view first_8);
// A valid code that belongs to nobody: "91" + area + an organisation code made of `serial` + check digit. For
// samples.
std::string credit_code_from(std::uint64_t serial, std::string_view area);

}  // namespace tenglong::schema
