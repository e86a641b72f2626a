// One scheme of Variants: its base, what a change reaches, the columns kept for it.
#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/run/inside/meaning.h"
#include "engine/run/variants.h"

namespace tenglong::run {

struct Turnable {  // names of the parameters made for one scheme, by item; "" where there is none
  std::vector<std::string> weights, bases;
};

class SchemeVariants {
 public:
  virtual ~SchemeVariants() = default;
  virtual const SchemeColumns* base() const = 0;
  virtual bool run(const SchemeChange& change, SchemeColumns& out) const = 0;
  virtual bool replace(const std::vector<ReplacedRecord>& records, SchemeColumns& out) const = 0;
  virtual std::size_t bytes() const = 0;
};

// `meaning_in_use` guards what the meaning keeps while it is asked. All must outlive it.
std::unique_ptr<SchemeVariants> variants_of(const plan::Plan& plan, const plan::SchemePlan& scheme,
                                            const Turnable& turnable, const Meaning& meaning,
                                            const Options& options, std::mutex& meaning_in_use);

}  // namespace tenglong::run
