// The read-only pages: overview, roster of enterprises, one enterprise's reason, lists, targets, clauses.
//
// In:    a pack, a snapshot, a result and a way to ask for sources. Out: HTML without scripts, in the order
// of the view tables. Never: computes a number; asks another machine for anything.
#pragma once
#include <functional>
#include <string>

#include "engine/column/column.h"
#include "engine/explain/explain.h"
#include "engine/pack/pack.h"
#include "engine/result/result.h"
#include "server/http.h"

namespace tenglong::server {

struct Shown {
  const pack::Pack* pack = nullptr;
  const column::Snapshot* snapshot = nullptr;
  const result::Result* result = nullptr;
  const result::Result* previous = nullptr;  // of the period before, for trends
  explain::SourceOf source_of = {};
  calendar::Date on = {};  // the day targets are judged
  std::string mark = {};   // 样例数据、样例参数
};

Page answer(const Shown& shown, const Request& request);

}  // namespace tenglong::server
