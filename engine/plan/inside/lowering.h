// Lowers expressions into one graph. Throws CannotLower inside this room only; every block that has no
// columnar form is caught where its name is used and becomes an Interpret node.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/plan/plan.h"

namespace tenglong::plan {

struct CannotLower {
  std::string why;
};

// Inside as_call() only: the expression is not one of a few values.
struct TooManyInputs {};

enum class Numbers { Unrounded, Rounded };

// Where an expression stands: which record, seen how, and the names given to it beside the record's.
struct Stand {
  int register_index = -1;
  std::vector<Hop> hops = {};
  calendar::Period period = {};
  Numbers numbers = Numbers::Unrounded;
  const std::map<std::string, NodeId>* given = nullptr;  // 指标值 基准值 权重 加减分
  const std::map<std::string, std::vector<NodeId>>* given_lists = nullptr;  // 各项得分
  NodeId tested = kNone;                                                    // what ? stands for
};

class Lowering {
 public:
  Lowering(const pack::Pack& pack, const calendar::Period& period);

  NodeId expression(const feel::Node& tree, const Stand& stand);
  NodeId tests(const feel::Node& tree, const Stand& stand);  // Boolean; stand.tested is the input
  NodeId named(const std::string& name, const Stand& stand);
  // A field, indicator or decision by which records are grouped: 镇街, 企业.镇街, or a field of the parent
  // alone.
  NodeId grouped_by(const std::string& name, const Stand& stand);
  NodeId indicator(const pack::Indicator& indicator, const Stand& stand);
  // lower_among.cpp
  NodeId standing(const pack::Indicator& indicator, const Stand& stand);
  NodeId related(const pack::Indicator& indicator, const Stand& stand);
  NodeId decision(const pack::Decision& decision, const Stand& stand);
  // An expression of known shape; an Interpret node if it cannot be lowered and stands on the record itself.
  NodeId block(const pack::Expression& expression, Shape shape, const Stand& stand);

  NodeId constant(feel::Value value, Shape shape);
  NodeId make(Op op, Shape shape, std::vector<NodeId> inputs);
  NodeId add(Node node);
  NodeId as(Shape shape,
            NodeId node);  // a null constant takes any shape; any other mismatch cannot be lowered
  NodeId rounded(NodeId node, const quantity::Rounding& rounding);
  NodeId all_of(const std::vector<NodeId>& nodes);
  const Node& at(NodeId id) const { return nodes_[static_cast<std::size_t>(id)]; }
  Stand stand_on(int register_index, Numbers numbers) const;
  const NameTable& names() const { return names_; }
  const pack::Pack& pack() const { return pack_; }

  std::vector<Node> take() { return std::move(nodes_); }

 private:
  NodeId plain(const feel::Node& tree, const Stand& stand);
  // lower_call.cpp
  std::optional<NodeId> as_call(const feel::Node& tree, const Stand& stand);
  feel::NodePtr with_inputs(const feel::NodePtr& tree, const Stand& stand, std::vector<NodeId>& inputs,
                            bool is_root);
  NodeId call(const feel::Node& tree, const Stand& stand);
  NodeId builtin_call(const feel::Node& tree, const Stand& stand);
  NodeId parameter_call(const pack::Parameter& parameter, const feel::Node& tree, const Stand& stand);
  NodeId path(const feel::Node& tree, const Stand& stand);
  NodeId arithmetic(const feel::Node& tree, const Stand& stand);
  NodeId comparison(const std::string& word, NodeId left, NodeId right);
  NodeId in_range(const feel::Node& range, const Stand& stand);
  NodeId reached(const std::vector<Hop>& hops, int register_index, NodeId value);
  NodeId interpret(Interpreted what, Shape shape, const Stand& stand);

  const pack::Pack& pack_;
  calendar::Period period_;
  NameTable names_;
  std::vector<Node> nodes_;
  std::unordered_map<std::string, NodeId> known_;
  int calls_open_ = 0;  // as_call() within as_call()
};

bool is_builtin(const std::string& name);

// `tree` with every node that `instead` knows replaced. Names that a loop or a filter binds are the caller's
// care.
feel::NodePtr replaced(const feel::NodePtr& tree,
                       const std::function<feel::NodePtr(const feel::Node&)>& instead);
feel::NodePtr name_node(std::string text, const feel::Node& at);

// Text of a node that is equal only for equal nodes; also what inspect prints.
std::string describe(const Node& node, const pack::Pack& pack);
Shape shape_of(const schema::Field& field);
Shape shape_of(const feel::Type& type);  // Null if it is none of ours
bool is_condition(const pack::Indicator& indicator);

}  // namespace tenglong::plan
