// 通报 as a document that an office edits: the words and figures of /api/report.
#pragma once
#include <vector>

#include "campaign/document/paper.h"
#include "campaign/target/report_words.h"
#include "server/district.h"

namespace tenglong::server {

// A 通报 with all that is told in it, of one edition.
struct ToldReport {
  std::shared_ptr<const Edition> edition = {};
  std::vector<target::Line> lines = {};
  target::Report report = {};
  target::ReportWords words = {};
};

document::Paper report_paper(const ToldReport& told, text::Language language);

}  // namespace tenglong::server
