#include "engine/register/carried_store.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "engine/schema/attachment.h"
#include "engine/schema/credit_code.h"
#include "engine/schema/geometry_text.h"

namespace tenglong::registers {

using schema::Carrying;
using schema::FieldType;
using schema::Schema;

namespace {
constexpr std::string_view kHeader = "tenglong schema history 1\n";
constexpr std::string_view kVersion = "version ";
}  // namespace

// Each version: "version <through> <bytes>" and its text.
std::string to_text(const std::vector<SchemaVersion>& history) {
  std::string out(kHeader);
  for (const SchemaVersion& version : history) {
    const std::string text = schema::canonical_text(version.schema);
    out += std::string(kVersion) + std::to_string(version.through.value) + " " + std::to_string(text.size()) +
           "\n";
    out += text;
  }
  return out;
}

std::optional<std::vector<SchemaVersion>> read_history(std::string_view text) {
  if (!text.starts_with(kHeader)) return std::nullopt;
  text.remove_prefix(kHeader.size());
  std::vector<SchemaVersion> history;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (!text.starts_with(kVersion) || end == std::string_view::npos) return std::nullopt;
    std::int64_t through = 0;
    std::size_t size = 0;
    const char* at = text.data() + kVersion.size();
    const char* line_end = text.data() + end;
    const auto first = std::from_chars(at, line_end, through);
    if (first.ec != std::errc{} || first.ptr == line_end) return std::nullopt;
    if (std::from_chars(first.ptr + 1, line_end, size).ec != std::errc{}) return std::nullopt;
    text.remove_prefix(end + 1);
    if (size > text.size()) return std::nullopt;
    auto read = schema::read_canonical_text(text.substr(0, size));
    if (!read) return std::nullopt;
    history.push_back({{through}, std::move(*read)});
    text.remove_prefix(size);
  }
  return history;
}

Schema as_kept(const std::vector<SchemaVersion>& history, const Schema& now) {
  Schema kept = now;
  for (const SchemaVersion& version : history)
    for (const schema::Register& one : version.schema.registers) {
      auto at = std::find_if(kept.registers.begin(), kept.registers.end(),
                             [&](const schema::Register& other) { return other.id == one.id; });
      if (at == kept.registers.end()) {
        kept.registers.push_back(one);
        continue;
      }
      for (const schema::Field& field : one.fields)
        if (at->find(field.id) == nullptr) at->fields.push_back(field);
    }
  return kept;
}

std::optional<Scalar> carried(const Scalar& value, const Carrying::Field& how, const schema::Field& field,
                              const Schema& now) {
  if (how.conversion) {
    const auto* number = std::get_if<Decimal>(&value);
    const auto converted = number == nullptr ? std::nullopt : quantity::convert(*number, *how.conversion);
    return converted ? std::optional<Scalar>(*converted) : std::nullopt;
  }
  const auto* text = std::get_if<std::string>(&value);
  if (how.from == how.to || (schema::is_number(how.from) && schema::is_number(how.to))) {
    if (!schema::is_coded(field.type) || text == nullptr) return value;
  }
  if (field.type == FieldType::Text) return Scalar(to_text(value));
  if (text == nullptr) return std::nullopt;
  switch (field.type) {
    case FieldType::Code:
    case FieldType::Area:
    case FieldType::Unit: {
      const schema::Codes* codes = field.codes.empty() ? nullptr : now.find_codes(field.codes);
      if (codes == nullptr) return value;
      const schema::CodeEntry* entry = codes->find(*text);
      if (entry == nullptr && how.from == FieldType::Text) entry = codes->recognise(*text);
      return entry == nullptr ? std::nullopt : std::optional<Scalar>(entry->code);
    }
    case FieldType::Date: {
      const auto date = Date::parse_loosely(*text);
      return date ? std::optional<Scalar>(*date) : std::nullopt;
    }
    case FieldType::Number:
    case FieldType::Money: {
      const auto number = Decimal::parse(*text);
      return number ? std::optional<Scalar>(*number) : std::nullopt;
    }
    case FieldType::Period: {
      const auto period = Period::parse(*text);
      return period ? std::optional<Scalar>(period->to_string()) : std::nullopt;
    }
    case FieldType::CreditCode: {
      const schema::CreditCode code = schema::read_credit_code(*text);
      return code.is_usable() ? std::optional<Scalar>(code.code) : std::nullopt;
    }
    case FieldType::Geometry:
      return std::holds_alternative<schema::GeometryText>(schema::read_geometry(*text)) ? std::optional(value)
                                                                                        : std::nullopt;
    case FieldType::Attachment:
      return schema::read_attachment(*text) ? std::optional(value) : std::nullopt;
    case FieldType::Reference:
      return text->find(schema::kListSeparator) == std::string::npos ? std::optional(value) : std::nullopt;
    default:
      return value;
  }
}

Carrier::Carrier(const std::vector<SchemaVersion>& history, const Schema& now)
    : now_(now), kept_schema_(as_kept(history, now)) {
  std::vector<Schema> versions;
  for (const SchemaVersion& version : history)
    versions.push_back(version.schema), through_.push_back(version.through);
  versions.push_back(now);
  carrying_ = schema::carried_to_last(versions);
}

const Carrying& Carrier::version_of(BatchId batch) const {
  std::size_t version = 0;
  while (version < through_.size() && through_[version] < batch) ++version;
  return carrying_[version];
}

std::vector<std::string> Carrier::kept_ids(std::string_view register_id) const {
  std::vector<std::string> ids = {std::string(register_id)};
  for (const Carrying& carrying : carrying_)
    for (const Carrying::Register& one : carrying.registers())
      if (one.id == register_id && std::find(ids.begin(), ids.end(), one.old_id) == ids.end())
        ids.push_back(one.old_id);
  return ids;
}

std::vector<Carrier::Kept> Carrier::kept_as(std::string_view register_id) const {
  std::vector<Kept> out;
  for (std::size_t version = 0; version < carrying_.size(); ++version) {
    const BatchId after = version == 0 ? BatchId{} : through_[version - 1];
    const BatchId through = version < through_.size() ? through_[version] : BatchId{INT64_MAX};
    for (const Carrying::Register& one : carrying_[version].registers()) {
      if (one.id != register_id) continue;
      if (!out.empty() && out.back().id == one.old_id && out.back().through == after)
        out.back().through = through;
      else
        out.push_back({one.old_id, after, through});
    }
  }
  return out;
}

std::optional<Carrier::Led> Carrier::led(std::string_view register_id, std::string_view field_id) const {
  for (std::size_t version = carrying_.size(); version-- > 0;) {
    const Carrying::Register* one = carrying_[version].find(register_id);
    if (one == nullptr) continue;
    const schema::Register* now = now_.find(one->id);
    if (now == nullptr) return std::nullopt;
    if (field_id.empty()) return Led{now->id, {}, version};
    const auto field = std::find_if(one->fields.begin(), one->fields.end(),
                                    [&](const auto& each) { return each.first == field_id; });
    if (field == one->fields.end()) continue;  // an earlier version may have had it
    if (field->second.index < 0) return std::nullopt;
    return Led{now->id, now->fields[static_cast<std::size_t>(field->second.index)].id, version};
  }
  return std::nullopt;
}

bool Carrier::carry(Statement& statement, std::string_view register_id) const {
  const Carrying::Register* how = version_of(statement.batch).find(statement.register_id);
  if (how == nullptr || how->id != register_id) return false;
  const schema::Register* kept = kept_schema_.find(statement.register_id);
  const schema::Register* now = now_.find(register_id);
  std::vector<FieldValue> values;
  for (FieldValue& value : statement.values) {
    const std::string& id = kept->fields[static_cast<std::size_t>(value.field)].id;
    const auto found = std::find_if(how->fields.begin(), how->fields.end(),
                                    [&](const auto& one) { return one.first == id; });
    if (found == how->fields.end() || found->second.index < 0) continue;
    const Carrying::Field& field = found->second;
    if (value.state == State::Known) {
      auto fits =
          registers::carried(value.value, field, now->fields[static_cast<std::size_t>(field.index)], now_);
      if (!fits) continue;
      value.value = std::move(*fits);
    }
    value.field = field.index;
    values.push_back(std::move(value));
  }
  std::sort(values.begin(), values.end(),
            [](const FieldValue& a, const FieldValue& b) { return a.field < b.field; });
  statement.values = std::move(values);
  statement.register_id = std::string(register_id);
  return true;
}

namespace {

class CarriedStore final : public RegisterStore {
 public:
  CarriedStore(std::unique_ptr<RegisterStore> kept, const std::vector<SchemaVersion>& history,
               const Schema& now)
      : kept_(std::move(kept)), now_(now), carrier_(history, now) {}

  std::unique_ptr<Writer> write(const Batch& batch) override {
    return std::make_unique<OwnWriter>(*this, kept_->write(batch), batch.register_id);
  }
  std::optional<Batch> same_file(std::string_view register_id, std::string_view provider,
                                 std::string_view file_fingerprint) const override {
    for (const std::string& id : carrier_.kept_ids(register_id))
      if (auto batch = kept_->same_file(id, provider, file_fingerprint)) {
        batch->register_id = std::string(register_id);
        return batch;
      }
    return std::nullopt;
  }
  std::vector<Batch> batches() const override {
    std::vector<Batch> all = kept_->batches();
    for (Batch& batch : all) {
      const Carrying::Register* carried = carrier_.version_of(batch.id).find(batch.register_id);
      if (carried != nullptr && !carried->id.empty()) batch.register_id = carried->id;
    }
    return all;
  }
  void read(std::string_view register_id, std::optional<BatchId> through,
            const std::function<void(Statement&&)>& each) const override {
    merge(register_id, each, [&](const std::string& id, const std::function<void(Statement &&)>& hear) {
      kept_->read(id, through, hear);
    });
  }
  void read_record(std::string_view register_id, std::string_view record_key, std::optional<BatchId> through,
                   const std::function<void(Statement&&)>& each) const override {
    merge(register_id, each, [&](const std::string& id, const std::function<void(Statement &&)>& hear) {
      kept_->read_record(id, record_key, through, hear);
    });
  }
  std::int64_t statement_count(std::string_view register_id) const override {
    std::int64_t count = 0;
    for (const std::string& id : carrier_.kept_ids(register_id)) count += kept_->statement_count(id);
    return count;
  }
  // A header that was mapped to a field under its old id means the field that it is now.
  std::optional<Mapping> mapping(std::string_view provider, std::string_view register_id,
                                 std::string_view header_fingerprint) const override {
    for (const std::string& id : carrier_.kept_ids(register_id)) {
      auto found = kept_->mapping(provider, id, header_fingerprint);
      if (!found) continue;
      const schema::Register* now = now_.find(register_id);
      for (Mapping::Column& column : found->columns) {
        if (now == nullptr || now->find(column.field) != nullptr) continue;
        for (std::size_t v = carrier_.versions().size(); v-- > 0;)
          if (const Carrying::Register* one = carrier_.versions()[v].find(id))
            for (const auto& [stated, leads] : one->fields)
              if (stated == column.field && leads.index >= 0)
                column.field = now->fields[static_cast<std::size_t>(leads.index)].id;
      }
      found->register_id = std::string(register_id);
      return found;
    }
    return std::nullopt;
  }
  void remember(const Mapping& mapping) override { kept_->remember(mapping); }

 private:
  // New statements are kept under the present ids.
  class OwnWriter final : public Writer {
   public:
    OwnWriter(const CarriedStore& store, std::unique_ptr<Writer> kept, const std::string& register_id)
        : kept_(std::move(kept)) {
      const schema::Register* now = store.now_.find(register_id);
      const schema::Register* there = store.carrier_.kept_schema().find(register_id);
      if (now != nullptr && there != nullptr)
        for (const schema::Field& field : now->fields) to_kept_.push_back(there->field_index(field.id));
    }
    BatchId batch() const override { return kept_->batch(); }
    void add(const Statement& statement) override {
      Statement own = statement;
      for (FieldValue& value : own.values)
        if (value.field >= 0 && static_cast<std::size_t>(value.field) < to_kept_.size())
          value.field = to_kept_[static_cast<std::size_t>(value.field)];
      std::sort(own.values.begin(), own.values.end(),
                [](const FieldValue& a, const FieldValue& b) { return a.field < b.field; });
      kept_->add(own);
    }
    void commit(const Batch& finished) override { kept_->commit(finished); }

   private:
    std::unique_ptr<Writer> kept_;
    std::vector<int> to_kept_;
  };

  template <class Read>
  void merge(std::string_view register_id, const std::function<void(Statement&&)>& each, Read read) const {
    const std::vector<std::string> ids = carrier_.kept_ids(register_id);
    std::vector<Statement> older;
    for (std::size_t i = 1; i < ids.size(); ++i)
      read(ids[i], [&](Statement&& statement) {
        if (carrier_.carry(statement, register_id)) older.push_back(std::move(statement));
      });
    const auto before = [](const Statement& a, const Statement& b) {
      return std::tie(a.record_key, a.period, a.batch) < std::tie(b.record_key, b.period, b.batch);
    };
    std::stable_sort(older.begin(), older.end(), before);
    std::size_t next = 0;
    read(ids[0], [&](Statement&& statement) {
      if (!carrier_.carry(statement, register_id)) return;
      while (next < older.size() && before(older[next], statement)) each(std::move(older[next++]));
      each(std::move(statement));
    });
    while (next < older.size()) each(std::move(older[next++]));
  }

  std::unique_ptr<RegisterStore> kept_;
  const Schema& now_;
  Carrier carrier_;
};

}  // namespace

std::unique_ptr<RegisterStore> carried_store(std::unique_ptr<RegisterStore> kept,
                                             const std::vector<SchemaVersion>& history, const Schema& now) {
  return std::make_unique<CarriedStore>(std::move(kept), history, now);
}

}  // namespace tenglong::registers
