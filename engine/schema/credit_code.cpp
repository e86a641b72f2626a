#include "engine/schema/credit_code.h"

#include <array>

#include "engine/text/text.h"

namespace tenglong::schema {

namespace {

// GB 32100-2015: 3^(i-1) mod 31.
constexpr std::array<int, 17> kWeights = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
// GB 11714.
constexpr std::array<int, 8> kOrganisationWeights = {3, 7, 9, 10, 5, 8, 4, 2};

bool is_scientific(std::string_view code) {
  const std::size_t e = code.find('E');
  if (e == std::string_view::npos || code.find('.') == std::string_view::npos) return false;
  return e + 1 < code.size() && (code[e + 1] == '+' || (code[e + 1] >= '0' && code[e + 1] <= '9'));
}

}  // namespace

std::optional<char> credit_code_check(std::string_view first_17) {
  if (first_17.size() != kWeights.size()) return std::nullopt;
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) {
    const std::size_t value = kCreditCodeAlphabet.find(first_17[i]);
    if (value == std::string_view::npos) return std::nullopt;
    sum += static_cast<int>(value) * kWeights[i];
  }
  return kCreditCodeAlphabet[static_cast<std::size_t>((31 - sum % 31) % 31)];
}

std::optional<char> organisation_code_check(std::string_view first_8) {
  if (first_8.size() != kOrganisationWeights.size()) return std::nullopt;
  int sum = 0;
  for (std::size_t i = 0; i < kOrganisationWeights.size(); ++i) {
    const char c = first_8[i];
    const int value = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
    if (value < 0) return std::nullopt;
    sum += value * kOrganisationWeights[i];
  }
  const int check = 11 - sum % 11;
  return check == 10 ? 'X' : check == 11 ? '0' : static_cast<char>('0' + check);
}

CreditCode read_credit_code(std::string_view written) {
  CreditCode out;
  for (const char c : text::ascii_upper(text::to_half_width(text::trim(written))))
    if (c != ' ' && c != '-' && c != '\'') out.code += c;
  if (is_scientific(out.code)) {
    out.fault = CreditCodeFault::Scientific;
  } else if (text::code_point_count(out.code) != 18) {
    out.fault = CreditCodeFault::Length;
  } else if (out.code.find_first_not_of(kCreditCodeAlphabet) != std::string::npos) {
    out.fault = CreditCodeFault::Letter;
  } else {
    out.expected_check = *credit_code_check(std::string_view(out.code).substr(0, 17));
    out.organisation_fits = organisation_code_check(std::string_view(out.code).substr(8, 8)) == out.code[16];
    if (out.expected_check != out.code[17]) out.fault = CreditCodeFault::CheckDigit;
  }
  return out;
}

std::string credit_code_from(std::uint64_t serial, std::string_view area) {
  std::string organisation(8, '0');
  for (std::size_t i = organisation.size(); i-- > 0; serial /= 10)
    organisation[i] = static_cast<char>('0' + serial % 10);
  const char check = *organisation_code_check(organisation);
  const std::string first = "91" + std::string(area) + organisation + check;
  return first + *credit_code_check(first);
}

}  // namespace tenglong::schema
