// Results as bytes, for stores: every member in the order of the door, integers as 8 little-endian bytes,
// texts with their length. One description of each struct serves writing and reading, so the two cannot part
// ways.
#include <cstring>

#include "engine/result/result.h"

namespace tenglong::result {
namespace {

constexpr std::string_view kMagic = "TLRESULT1";

class ByteWriter {
 public:
  void integer(std::int64_t& value) {
    for (int i = 0; i < 8; ++i)
      bytes_ += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xff);
  }
  void text(std::string& value) {
    auto size = static_cast<std::int64_t>(value.size());
    integer(size);
    bytes_ += value;
  }
  void text(Shared& value) {
    auto size = static_cast<std::int64_t>(value.size());
    integer(size);
    bytes_ += value.str();
  }
  void magic() { bytes_ += kMagic; }
  static constexpr bool kReads = false;
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}
  void integer(std::int64_t& value) {
    const std::string_view raw = next(8);
    std::uint64_t bits = 0;
    for (int i = 7; i >= 0; --i)
      bits = bits << 8 | static_cast<unsigned char>(raw[static_cast<std::size_t>(i)]);
    value = static_cast<std::int64_t>(bits);
  }
  void text(std::string& value) {
    std::int64_t size = 0;
    integer(size);
    if (size < 0) throw DamagedResult("a text of negative length");
    value = std::string(next(static_cast<std::size_t>(size)));
  }
  void text(Shared& value) {
    std::string own;
    text(own);
    value = sharing_.of(std::move(own));
  }
  void magic() {
    if (next(kMagic.size()) != kMagic) throw DamagedResult("not a stored result");
  }
  // A list cannot have more members than there are bytes left: a damaged count must not ask for the whole
  // memory.
  std::size_t count_within(std::int64_t count) const {
    if (count < 0 || static_cast<std::uint64_t>(count) > bytes_.size())
      throw DamagedResult("a list longer than the bytes");
    return static_cast<std::size_t>(count);
  }
  bool at_end() const { return bytes_.empty(); }
  static constexpr bool kReads = true;

 private:
  std::string_view next(std::size_t size) {
    if (size > bytes_.size()) throw DamagedResult("the bytes end too early");
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  std::string_view bytes_;
  text::Sharing sharing_;
};

template <typename Bytes>
void pass(Bytes& bytes, std::string& value) {
  bytes.text(value);
}
template <typename Bytes>
void pass(Bytes& bytes, Shared& value) {
  bytes.text(value);
}
template <typename Bytes>
void pass(Bytes& bytes, std::int64_t& value) {
  bytes.integer(value);
}

template <typename Bytes, typename Integer>
void pass_as_integer(Bytes& bytes, Integer& value) {
  auto wide = static_cast<std::int64_t>(value);
  bytes.integer(wide);
  value = static_cast<Integer>(wide);
}
template <typename Bytes>
void pass(Bytes& bytes, std::int32_t& value) {
  pass_as_integer(bytes, value);
}
template <typename Bytes>
void pass(Bytes& bytes, std::uint32_t& value) {
  pass_as_integer(bytes, value);
}

template <typename Bytes, typename Choice>
void pass_choice(Bytes& bytes, Choice& value, Choice last) {
  auto wide = static_cast<std::int64_t>(value);
  bytes.integer(wide);
  if (wide < 0 || wide > static_cast<std::int64_t>(last)) throw DamagedResult("a choice that does not exist");
  value = static_cast<Choice>(wide);
}
template <typename Bytes>
void pass(Bytes& bytes, Standing& value) {
  pass_choice(bytes, value, Standing::NotRated);
}
template <typename Bytes>
void pass(Bytes& bytes, State& value) {
  pass_choice(bytes, value, State::Disputed);
}
template <typename Bytes>
void pass(Bytes& bytes, RosterEntry::Place& value) {
  pass_choice(bytes, value, RosterEntry::Place::Unknown);
}

template <typename Bytes>
void pass(Bytes& bytes, Decimal& value) {
  auto low = static_cast<std::int64_t>(value.low_word());
  auto high = static_cast<std::int64_t>(value.high_word());
  bytes.integer(low);
  bytes.integer(high);
  if constexpr (Bytes::kReads)
    value = Decimal::from_words(static_cast<std::uint64_t>(low), static_cast<std::uint64_t>(high));
}

template <typename Bytes>
void pass(Bytes& bytes, calendar::Period& value) {
  std::string text = value.to_string();
  bytes.text(text);
  if constexpr (Bytes::kReads) {
    const auto parsed = calendar::Period::parse(text);
    if (!parsed) throw DamagedResult("a period that cannot be read: " + text);
    value = *parsed;
  }
}

template <typename Bytes, typename T>
void pass(Bytes& bytes, std::optional<T>& value) {
  std::int64_t present = value ? 1 : 0;
  bytes.integer(present);
  if (present != 0 && !value) value.emplace();
  if (present != 0) pass(bytes, *value);
}

template <typename Bytes>
void pass(Bytes& bytes, Points& value) {
  std::optional<Decimal> number = value;
  pass(bytes, number);
  if constexpr (Bytes::kReads) value = number;
}

template <typename Bytes, typename A, typename B>
void pass(Bytes& bytes, std::pair<A, B>& value) {
  pass(bytes, value.first);
  pass(bytes, value.second);
}

template <typename Bytes, typename T>
void pass(Bytes& bytes, std::vector<T>& values) {
  auto count = static_cast<std::int64_t>(values.size());
  bytes.integer(count);
  if constexpr (Bytes::kReads) values.resize(bytes.count_within(count));
  for (T& value : values) pass(bytes, value);
}

template <typename Bytes, typename... Members>
void pass_all(Bytes& bytes, Members&... members) {
  (pass(bytes, members), ...);
}

template <typename Bytes>
void pass(Bytes& bytes, ItemOutcome& v) {
  pass_all(bytes, v.state, v.score);
}
template <typename Bytes>
void pass(Bytes& bytes, Outcome& v) {
  pass_all(bytes, v.row, v.key, v.standing, v.why, v.items, v.adjustment, v.total, v.group, v.rank,
           v.raw_grade, v.veto, v.protect, v.grade);
}
template <typename Bytes>
void pass(Bytes& bytes, Balance& v) {
  pass_all(bytes, v.due, v.rated, v.exempt, v.not_rated, v.by_grade, v.failures);
}
template <typename Bytes>
void pass(Bytes& bytes, SchemeResult& v) {
  pass_all(bytes, v.scheme, v.id, v.clause, v.mark, v.groups, v.outcomes, v.balance);
}
template <typename Bytes>
void pass(Bytes& bytes, RosterEntry& v) {
  pass_all(bytes, v.row, v.key, v.place, v.why);
}
template <typename Bytes>
void pass(Bytes& bytes, RosterResult& v) {
  pass_all(bytes, v.roster, v.id, v.clause, v.mark, v.due, v.listed, v.exempt, v.not_listed, v.unknown,
           v.entries);
}
template <typename Bytes>
void pass(Bytes& bytes, AggregateCell& v) {
  pass_all(bytes, v.cut, v.of, v.state, v.value, v.records);
}
template <typename Bytes>
void pass(Bytes& bytes, AggregateResult& v) {
  pass_all(bytes, v.indicator, v.id, v.clause, v.mark, v.cells);
}
template <typename Bytes>
void pass(Bytes& bytes, TargetValue& v) {
  pass_all(bytes, v.target, v.clause, v.mark, v.period, v.external_records, v.cells);
}
template <typename Bytes>
void pass(Bytes& bytes, Refusal& v) {
  pass_all(bytes, v.kind, v.name, v.clause, v.gaps);
}
template <typename Bytes>
void pass(Bytes& bytes, RunHeader& v) {
  pass_all(bytes, v.pack_id, v.pack_fingerprint, v.overlays, v.snapshot_fingerprint, v.engine_version,
           v.period, v.fingerprint, v.mark);
}
template <typename Bytes>
void pass(Bytes& bytes, Result& v) {
  pass_all(bytes, v.header, v.schemes, v.rosters, v.aggregates, v.targets, v.refusals);
}

}  // namespace

std::string encode(const Result& result) {
  ByteWriter writer;
  writer.magic();
  pass(writer,
       const_cast<Result&>(result));  // the writer changes nothing: one description for both directions
  return writer.take();
}

Result decode(std::string_view bytes) {
  ByteReader reader(bytes);
  reader.magic();
  Result result;
  pass(reader, result);
  if (!reader.at_end()) throw DamagedResult("bytes after the end");
  return result;
}

}  // namespace tenglong::result
