#include "store/inside/batch_digest.h"

namespace tenglong::store {

namespace {

constexpr std::int64_t kMore = -1;  // no length is negative: what follows it cannot be taken for a field

}  // namespace

void BatchDigest::add(std::string_view register_id, std::string_view record_key, std::string_view period,
                      std::string_view sheet, std::int64_t row, std::string_view payload,
                      std::string_view effective) {
  digest_.field(register_id).field(record_key).field(period).field(sheet).number(row).field(payload);
  if (!effective.empty()) digest_.number(kMore).field(effective);
}

std::string BatchDigest::finish(const registers::Batch& batch) {
  digest_.field(batch.register_id)
      .field(batch.provider)
      .field(batch.submitter)
      .field(batch.received_at)
      .field(batch.file_name)
      .field(batch.file_fingerprint)
      .field(batch.document)
      .field(batch.mark)
      .number(batch.rows_read)
      .number(batch.rows_accepted)
      .number(batch.rows_refused);
  if (batch.source != registers::Source::File || batch.is_preliminary || !batch.reason.empty())
    digest_.number(kMore)
        .field(registers::to_text(batch.source))
        .number(batch.is_preliminary ? 1 : 0)
        .field(batch.reason);
  return digest_.hex();
}

}  // namespace tenglong::store
