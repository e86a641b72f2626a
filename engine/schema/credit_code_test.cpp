#include "engine/schema/credit_code.h"

#include <gtest/gtest.h>

namespace tenglong::schema {
namespace {

struct CodeCase {
  const char* what;
  const char* written;
  const char* code;
  CreditCodeFault fault;
};
// Government bodies' codes are from public index numbers; enterprise codes are made up.
const CodeCase kCases[] = {
    {"定海区政府办", "113309025862954312", "113309025862954312", CreditCodeFault::None},
    {"台州市椒江区政府办", "11331002002673575G", "11331002002673575G", CreditCodeFault::None},
    {"嵊州市政府办", "11330683002584812B", "11330683002584812B", CreditCodeFault::None},
    {"made up", "91330902684307791B", "91330902684307791B", CreditCodeFault::None},
    {"lower case and full width", "９１３３0902684307791b", "91330902684307791B", CreditCodeFault::None},
    {"blanks inside", " 9133 0902 6843 0779 1B ", "91330902684307791B", CreditCodeFault::None},
    {"an early code whose check digit differs", "91350100M0009X1HT6", "91350100M0009X1HT6",
     CreditCodeFault::CheckDigit},
    {"one digit lost", "9133090274855633R", "9133090274855633R", CreditCodeFault::Length},
    {"scientific notation", "9.13309E+17", "9.13309E+17", CreditCodeFault::Scientific},
    {"a letter that the standard leaves out", "91330902684307791I", "91330902684307791I",
     CreditCodeFault::Letter},
    {"nothing", "", "", CreditCodeFault::Length},
};

TEST(CreditCode, ReadsWhatPeopleWrite) {
  for (const CodeCase& c : kCases) {
    const CreditCode read = read_credit_code(c.written);
    EXPECT_EQ(read.code, c.code) << c.what;
    EXPECT_EQ(read.fault, c.fault) << c.what;
  }
  EXPECT_EQ(read_credit_code("91350100M0009X1HT6").expected_check, 'Y');
}

TEST(CreditCode, MadeUpOnesAreValidAndDiffer) {
  std::string before;
  for (std::uint64_t serial : {0ull, 1ull, 17ull, 99999999ull}) {
    const std::string code = credit_code_from(serial, "330902");
    EXPECT_EQ(read_credit_code(code).fault, CreditCodeFault::None) << code;
    EXPECT_TRUE(read_credit_code(code).organisation_fits) << code;
    EXPECT_NE(code, before);
    before = code;
  }
}

}  // namespace
}  // namespace tenglong::schema
