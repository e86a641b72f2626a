// Laws of lists: conditions say what the interpreter says, pages what sorting everything says, sums what
// decimals say, whatever the filter and the records.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "engine/listing/filter.h"
#include "engine/listing/order.h"

namespace tenglong::listing {
namespace {

using registers::Scalar;
using schema::FieldType;

class Random {  // splitmix64
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  template <typename T>
  const T& of(const std::vector<T>& all) {
    return all[below(all.size())];
  }

 private:
  std::uint64_t state_;
};

bool is_long() { return std::getenv("TENGLONG_LONG") != nullptr; }

schema::Schema district() {
  schema::Schema out;
  schema::Codes towns{.id = "town", .name = "镇街"};
  towns.entries = {{.code = "330902", .name = "定海区"},
                   {.code = "330902001", .name = "昌国街道", .parent = "330902"},
                   {.code = "330902101", .name = "金塘镇", .parent = "330902"}};
  towns.build_index();
  schema::Codes trades{.id = "trade", .name = "行业"};
  trades.entries = {{.code = "C", .name = "制造业"},
                    {.code = "13", .name = "农副食品加工业", .parent = "C"},
                    {.code = "136", .name = "水产品加工", .parent = "13"},
                    {.code = "37", .name = "船舶", .parent = "C"}};
  trades.build_index();
  out.codes = {towns, trades};
  schema::Register firm{.id = "enterprise", .name = "企业", .key = {"credit_code"}};
  firm.fields = {{.id = "credit_code", .name = "代码", .type = FieldType::CreditCode},
                 {.id = "legal_name", .name = "企业名称", .type = FieldType::Text},
                 {.id = "town", .name = "镇街", .type = FieldType::Area, .codes = "town"},
                 {.id = "trade", .name = "行业", .type = FieldType::Code, .codes = "trade"}};
  schema::Register year{
      .id = "enterprise_year", .name = "企业年度", .of = "enterprise", .period = schema::PeriodKey::Year};
  year.fields = {{.id = "tax", .name = "实缴税收", .type = FieldType::Number},
                 {.id = "land", .name = "用地面积", .type = FieldType::Number},
                 {.id = "above_scale", .name = "规上", .type = FieldType::Boolean},
                 {.id = "since", .name = "登记日期", .type = FieldType::Date},
                 {.id = "remark", .name = "备注", .type = FieldType::Text},
                 {.id = "kind", .name = "类别", .type = FieldType::Code, .codes = "trade"}};
  out.registers = {firm, year};
  return out;
}

const std::vector<std::string>& words() {
  static const std::vector<std::string> all = {
      "",  "样例一有限公司", "样例二有限公司", "机械",      "舟山机械厂", "13",  "136", "37",
      "C", "330902101",      "330902",         "330902001", "𠮷野水产",   "A\"b"};
  return all;
}
const std::vector<std::string>& numbers() {
  static const std::vector<std::string> all = {"0",
                                               "5",
                                               "-5",
                                               "0.1",
                                               "0.10000000000000001",
                                               "0.1000000000000000055511151231257827",
                                               "0.3",
                                               "100",
                                               "12.5",
                                               "1e30",
                                               "1e-7",
                                               "123456789012345678",
                                               "123456789012345679",
                                               "99999999999999.9",
                                               "1e300",
                                               "-1e300",
                                               "1e2000",
                                               "1e-400"};
  return all;
}

std::pair<State, Scalar> random_cell(Random& random, FieldType type) {
  if (random.one_in(6)) return {static_cast<State>(1 + random.below(3)), {}};
  switch (type) {
    case FieldType::Number:
      if (random.one_in(2)) return {State::Known, *Decimal::parse(random.of(numbers()))};
      return {State::Known, Decimal::scaled(static_cast<__int128>(random.below(200000)) - 100000,
                                            -static_cast<int>(random.below(6)))};
    case FieldType::Boolean:
      return {State::Known, random.one_in(2)};
    case FieldType::Date:
      return {State::Known, calendar::Date{2021 + static_cast<int>(random.below(3)),
                                           1 + static_cast<int>(random.below(3)), 1}};
    default:
      return {State::Known, random.of(words())};
  }
}

class MadeRows : public Rows {
 public:
  MadeRows(Random& random, const schema::Schema& schema, std::size_t count, int year) : year_(year) {
    fill(random, schema.registers[0], 1 + random.below(count + 1), above_columns_, nullptr);
    fill(random, schema.registers[1], count, own_columns_, &keys_);
    const std::size_t above_rows = above_columns_[0].rows();
    for (std::size_t i = 0; i < count; ++i)
      links_.push_back(random.one_in(5) ? -1 : static_cast<std::int32_t>(random.below(above_rows)));
  }
  std::size_t size() const override { return links_.size(); }
  std::optional<int> year() const override { return year_; }
  const Column& column(const Operand& operand) const override {
    if (operand.from == Operand::From::Key) return keys_;
    return (operand.from == Operand::From::Above ? above_columns_ : own_columns_)[operand.field];
  }
  const std::vector<std::int32_t>& above() const override { return links_; }

 private:
  // Segments of few rows only at the end; bytes there and back, as a store keeps them.
  static void close(Column& column, Segment& segment, CellKind kind) {
    auto back = Segment::decode(segment.encode());
    EXPECT_TRUE(back.has_value());
    column.segments.push_back(std::make_shared<const Segment>(std::move(*back)));
    segment = Segment(kind);
  }
  static void fill(Random& random, const schema::Register& target, std::size_t count,
                   std::vector<Column>& columns, Column* keys) {
    for (const schema::Field& field : target.fields) {
      Column column;
      Segment segment(kind_of(field.type));
      for (std::size_t i = 0; i < count; ++i) {
        const auto [state, value] = random_cell(random, field.type);
        segment.append(state, value);
        if (segment.rows() == kSegmentRows) close(column, segment, kind_of(field.type));
      }
      if (segment.rows() > 0 || column.segments.empty()) close(column, segment, kind_of(field.type));
      columns.push_back(std::move(column));
    }
    if (keys == nullptr) return;
    Segment segment(CellKind::Text);
    for (std::size_t i = 0; i < count; ++i) {
      segment.append(State::Known, "K" + std::to_string(random.below(1000)) + "\x1F" + std::to_string(i));
      if (segment.rows() == kSegmentRows) close(*keys, segment, CellKind::Text);
    }
    if (segment.rows() > 0 || keys->segments.empty()) close(*keys, segment, CellKind::Text);
  }
  int year_;
  std::vector<Column> own_columns_, above_columns_;
  Column keys_;
  std::vector<std::int32_t> links_;
};

std::string quoted(const std::string& text) { return feel::Value(text).to_feel(); }
std::string number_of(Random& random) {
  const std::string written = random.of(numbers());
  return Decimal::parse(written)->to_string();
}

std::string random_filter(Random& random, int depth) {
  const std::vector<std::string> number_names = {"实缴税收", "用地面积"};
  const std::vector<std::string> text_names = {"备注", "类别", "企业.企业名称", "企业.镇街", "企业.行业"};
  const std::vector<std::string> signs = {"<", "<=", ">", ">=", "=", "!="};
  if (depth > 0 && !random.one_in(3)) {
    const std::string a = random_filter(random, depth - 1), b = random_filter(random, depth - 1);
    switch (random.below(4)) {
      case 0:
        return "(" + a + " or " + b + ")";
      case 1:
        return "not(" + a + ")";
      default:
        return "(" + a + " and " + b + ")";
    }
  }
  switch (random.below(15)) {
    case 0:
      return random.of(number_names) + " " + random.of(signs) + " " + number_of(random);
    case 1:
      return number_of(random) + " " + random.of(signs) + " " + random.of(number_names);
    case 2:
      return random.of(text_names) + " " + random.of(signs) + " " + quoted(random.of(words()));
    case 3:
      return random.of(text_names) + " in (" + quoted(random.of(words())) + ", " +
             quoted(random.of(words())) + ")";
    case 4:
      return random.of(text_names) + " in [" + quoted(random.of(words())) + ", " +
             quoted(random.of(words())) + "]";
    case 5:
      return random.of(number_names) + " in [" + number_of(random) + ".." + number_of(random) + ")";
    case 6:
      return random.of(number_names) + " between " + number_of(random) + " and " + number_of(random);
    case 7:
      return random.of(number_names) + (random.one_in(2) ? " = null" : " != null");
    case 8:
      return random.of(text_names) + (random.one_in(2) ? " = null" : " != null");
    case 9:
      return random.of(std::vector<std::string>{"contains", "starts with", "ends with"}) + "(" +
             random.of(text_names) + ", " + quoted(random.of(words())) + ")";
    case 10:
      return "属于(" + random.of(text_names) + ", " + quoted(random.of(words())) + ")";
    case 11:
      return random.of(
          std::vector<std::string>{"规上", "规上 = true", "规上 != false", "not(规上)", "规上 = null"});
    case 12:
      return "登记日期 " + random.of(signs) + " date(\"2022-0" + std::to_string(1 + random.below(3)) +
             "-01\")";
    case 13:
      return "年度 " + random.of(signs) + " " + std::to_string(2021 + random.below(3));
    default:  // what no condition stands for
      return random.of(std::vector<std::string>{
          "实缴税收 / 用地面积 > 2", "string length(备注) > 4", "实缴税收 > 用地面积",
          "if 规上 then 实缴税收 > 5 else 用地面积 > 5", "登记日期.year = 2022", "企业.镇街 = 备注"});
  }
}

TEST(ListingLaws, ConditionsSayWhatTheInterpreterSays) {
  const schema::Schema schema = district();
  const schema::Register& target = schema.registers[1];
  std::size_t lowered = 0, left = 0;
  std::map<Truth, std::size_t> seen;
  for (std::uint64_t seed = 0; seed < (is_long() ? 20000u : 600u); ++seed) {
    Random random(seed);
    const MadeRows rows(random, schema, 1 + random.below(60), 2021 + static_cast<int>(random.below(3)));
    const std::string where = random_filter(random, static_cast<int>(random.below(4)));
    diagnostic::Diagnostics diagnostics;
    const Filter filter = Filter::read(schema, target, where, diagnostics);
    if (diagnostic::has_errors(diagnostics)) continue;  // a comparison that can never hold is refused
    (filter.left_to_interpreter().empty() ? lowered : left)++;
    const Truths said = filter.evaluate(rows);
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const Truth meant = filter.truth_of([&](const Operand& operand) { return rows.value(operand, row); });
      ASSERT_EQ(said[row], meant) << "seed " << seed << " row " << row << "\n"
                                  << where << "\n"
                                  << to_string(filter.condition(), target, &schema.registers[0]);
      ++seen[meant];
    }
  }
  EXPECT_GT(lowered, 200u);
  EXPECT_GT(left, 50u);
  for (const Truth each : {Truth::False, Truth::True, Truth::Unknown}) EXPECT_GT(seen[each], 1000u);
}

// The order spelled out: value by value, then key, then period.
bool stands_before(const std::vector<Part>& parts, const std::vector<SortKey>& keys, Position a, Position b) {
  for (const SortKey& key : keys) {
    const feel::Value x = parts[a.part].rows->value(key.by, a.row),
                      y = parts[b.part].rows->value(key.by, b.row);
    if (x.is_null() != y.is_null()) return y.is_null();
    if (x.is_null()) continue;
    int order = 0;
    if (x.kind() == feel::Kind::Boolean) {
      order = static_cast<int>(x.boolean()) - static_cast<int>(y.boolean());
    } else if (x.kind() == feel::Kind::String) {
      const int p = key.codes ? key.codes->position(x.string()) : -1,
                q = key.codes ? key.codes->position(y.string()) : -1;
      if (key.by == Operand{Operand::From::Own, 4} || key.by == Operand{Operand::From::Above, 1})
        order = collation_key(x.string()).compare(collation_key(y.string()));
      else if (key.codes && (p >= 0 || q >= 0))
        order = p < 0 ? 1 : q < 0 ? -1 : p - q;
      else if (!key.codes)
        order = x.string().compare(y.string());
    } else {
      order = *feel::compare(x, y);
    }
    if (order != 0) return (key.is_descending ? -order : order) < 0;
  }
  const Operand by_key{Operand::From::Key, -1};
  const std::string_view m = parts[a.part].rows->column(by_key).text(a.row),
                         n = parts[b.part].rows->column(by_key).text(b.row);
  if (m != n) return m < n;
  return parts[a.part].period < parts[b.part].period;
}

TEST(ListingLaws, PagesAreWhatSortingEverythingGives) {
  const schema::Schema schema = district();
  for (std::uint64_t seed = 0; seed < (is_long() ? 3000u : 150u); ++seed) {
    Random random(seed);
    const MadeRows first(random, schema, random.below(80), 2022),
        second(random, schema, random.below(80), 2023);
    std::vector<Part> parts = {{&first, {}, "2022"}, {&second, {}, "2023"}};
    std::vector<Position> all;
    for (std::uint32_t part = 0; part < 2; ++part)
      for (std::uint32_t row = 0; row < parts[part].rows->size(); ++row)
        if (!random.one_in(3)) {
          parts[part].kept.push_back(row);
          all.push_back({part, row});
        }
    std::vector<SortKey> keys;
    for (std::size_t i = random.below(3); i > 0; --i) {
      const std::size_t which = random.below(9);
      SortKey key{.is_descending = random.one_in(2)};
      key.by = which < 6   ? Operand{Operand::From::Own, static_cast<int>(which)}
               : which < 8 ? Operand{Operand::From::Above, static_cast<int>(which - 5)}
                           : Operand{Operand::From::Year, -1};
      if (which == 5) key.codes = &schema.codes[1];
      if (which == 7) key.codes = &schema.codes[0];
      keys.push_back(key);
    }
    std::sort(all.begin(), all.end(),
              [&](const Position& a, const Position& b) { return stands_before(parts, keys, a, b); });
    const std::size_t size = 1 + random.below(20);
    std::string after;
    std::vector<Position> by_cursor;
    for (std::size_t page = 0; page <= all.size() / size; ++page) {
      const std::size_t from = page * size, to = std::min(all.size(), from + size);
      const std::vector<Position> expected(all.begin() + from, all.begin() + to);
      const auto skipped = page_of(parts, keys, {.skip = from, .size = size});
      ASSERT_TRUE(skipped);
      ASSERT_EQ(*skipped, expected) << "seed " << seed << " page " << page;
      const auto next = page_of(parts, keys, {.size = size, .after = after});
      ASSERT_TRUE(next);
      ASSERT_EQ(*next, expected) << "seed " << seed << " by cursor, page " << page;
      if (next->empty()) break;
      after = cursor_of(parts, keys, next->back());
    }
    EXPECT_FALSE(page_of(parts, keys, {.after = "no cursor"}));
    for (const Operand number : {Operand{Operand::From::Own, 0}, Operand{Operand::From::Own, 1}}) {
      quantity::ExactSum exact;
      std::int64_t unknown = 0;
      for (const Position& each : all) {
        const feel::Value value = parts[each.part].rows->value(number, each.row);
        if (value.is_null())
          ++unknown;
        else
          exact.add(value.number());
      }
      const Sum sum = sum_of(parts, number);
      EXPECT_EQ(sum.unknown, unknown);
      EXPECT_EQ(sum.known, exact.count());
      EXPECT_EQ(sum.total, *exact.result()) << "seed " << seed;
    }
    std::map<std::string, std::int64_t> counts;
    for (const Position& each : all) {
      const feel::Value value = parts[each.part].rows->value({Operand::From::Above, 2}, each.row);
      ++counts[value.is_null() ? "" : value.string()];
    }
    std::map<std::string, std::int64_t> counted;
    for (const auto& [name, count] : counts_by(parts, {Operand::From::Above, 2})) counted[name] += count;
    EXPECT_EQ(counted, counts);
  }
}

TEST(Listing, NamesStandByPinyin) {
  EXPECT_LT(collation_key("金塘镇"), collation_key("舟山"));
  EXPECT_LT(collation_key("阿里"), collation_key("北京"));
  EXPECT_LT(collation_key("阿厂"), collation_key("A厂"));
  EXPECT_LT(collation_key("样例2厂"), collation_key("样例二厂"));
}

TEST(Listing, BytesThatAreNoSegmentAreRefused) {
  Segment segment(CellKind::Name);
  segment.append(State::Known, std::string("样例"));
  segment.append(State::Missing, {});
  const std::string bytes = segment.encode();
  ASSERT_TRUE(Segment::decode(bytes));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(Segment::decode(bytes.substr(0, size))) << size;
  EXPECT_FALSE(Segment::decode(bytes + "x"));
}

TEST(Listing, MistakesOfAFilterAreTold) {
  const schema::Schema schema = district();
  const struct {
    const char* where;
    const char* code;
  } kRows[] = {{"实缴税收", "E-LIST-101"}, {"实缴税受 > 3", "E-FEEL-104"}, {"实缴税收 >", "E-FEEL-101"}};
  for (const auto& row : kRows) {
    diagnostic::Diagnostics diagnostics;
    const Filter filter = Filter::read(schema, schema.registers[1], row.where, diagnostics);
    ASSERT_FALSE(diagnostics.empty()) << row.where;
    EXPECT_EQ(diagnostics[0].code, row.code);
    EXPECT_FALSE(filter.is_everything());
  }
}

TEST(Listing, SaysWhatItRuns) {
  const schema::Schema schema = district();
  diagnostic::Diagnostics diagnostics;
  const Filter filter = Filter::read(
      schema, schema.registers[1],
      "属于(企业.行业, \"13\") and (实缴税收 >= 5 or not(规上)) and 实缴税收 / 用地面积 > 2", diagnostics);
  EXPECT_EQ(to_string(filter.condition(), schema.registers[1], &schema.registers[0]),
            "(企业.行业 in {13 136} and (实缴税收 >= 5 or not (规上)))");
  EXPECT_EQ(filter.left_to_interpreter().size(), 1u);
  EXPECT_EQ(filter.operands().size(), 4u);
}

}  // namespace
}  // namespace tenglong::listing
