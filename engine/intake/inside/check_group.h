// What can be said only when all rows are read: sizes of whole columns, what the store already holds,
// parents.
#pragma once
#include <map>
#include <string>
#include <unordered_set>

#include "engine/intake/inside/kept_rows.h"

namespace tenglong::intake {

// Rows of one record and period: equal ones count once, of differing ones none goes in.
void check_doubles(Group& group, Findings& findings);
// A column whose median is off by a known factor; single cells that are.
void check_magnitude(Group& group, const Intake& intake, const Options& options, Findings& findings);
// Figures that jump from the same record's last period or stand apart from their peers, by the lines that the
// pack draws (schema::Screening). Peers are the rows of this file and the records that the store holds.
void check_screenings(Group& group, const schema::Schema& schema, const registers::RegisterStore& store,
                      const Options& options, Findings& findings);
// Rows that say nothing new become Unchanged; values that another provider gave differently are told.
void check_against_store(Group& group, const registers::RegisterStore& store, const Options& options,
                         Findings& findings);
// Rows that give a unique value, or days of a span, to which another record of the file or the store has a
// right: of two in the file neither goes in.
void check_exclusive(Group& group, const registers::RegisterStore& store, Findings& findings);
// Rows of a locked year that say something new are refused, each with its cure.
void check_closed(Group& group, const Options& options, Findings& findings);
// Rows of an enterprise that had ended before their period began: whose figures they are, somebody must say.
void check_ended(const Group& group, const Options& options, Findings& findings);
// The day by which enterprises are meant: that of receipt.
calendar::Date asked_on(const Options& options);
// The enterprise that somebody decided a row's unknown code to be, unless another row speaks of it.
std::optional<std::string> decided_key(const Group& group, const KeptRow& row, const Options& options);
// Rows whose record is unknown in the register they belong or refer to. `of_this_file`: what a trial would
// have written by now.
using KeysByRegister = std::map<std::string, std::unordered_set<std::string>>;
std::unordered_set<std::string> check_parents(const Group& group, const schema::Schema& schema,
                                              const registers::RegisterStore& store,
                                              const KeysByRegister& of_this_file, const Options& options,
                                              Findings& findings);

int column_of(const ReadSheet& sheet, int field);  // 0 if not mapped

}  // namespace tenglong::intake
