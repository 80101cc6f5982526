#include "query/matcher.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "query/needle.h"

namespace tally::query {
namespace {

enum class TestKind : std::uint8_t {
  all,
  any,
  negate,
  label_equal,
  label_pattern,
  line_text,
  line_pattern,
  range,
};

/// What a test costs about, in nanoseconds; only the order counts. All that need fields share the
/// cost of reading them.
constexpr int kLineTextCost = 20;
constexpr int kLabelCost = 200;
constexpr int kLabelPatternCost = 300;
constexpr int kMetadataCost = 400;
constexpr int kLinePatternCost = 500;

}  // namespace

/// A node of the filter tree, compiled.
struct MatchTest {
  TestKind kind = TestKind::all;
  bool expected = true;  ///< what the comparison has to give for the test to hold
  int cost = 0;
  store::FieldSet wanted = store::FieldSet::none;
  std::vector<std::unique_ptr<MatchTest>> parts;  ///< the cheapest first
  Label label;
  std::string value;
  Needle needle{""};  ///< what a line must contain
  std::unique_ptr<RE2> pattern;
  TimeRange range;

  bool holds(ScannedEvent& event) const;

 private:
  bool compare(ScannedEvent& event) const;
  bool label_is_equal(ScannedEvent& event) const;
  bool label_fits(ScannedEvent& event) const;
  bool is_in_range(ScannedEvent& event) const;
};

namespace {

using TestPointer = std::unique_ptr<MatchTest>;

/// What an event's line contains where the label has this value, unless it is spelled with an
/// escape.
std::string evidence_of(const LabelMatch& match) {
  if (match.label.kind != LabelKind::level) return match.value;
  if (match.value == "error") return "false";
  return match.value == "info" ? "true" : match.value;
}

Result<std::unique_ptr<RE2>> compile_pattern(const std::string& text) {
  RE2::Options options;
  options.set_log_errors(false);
  auto pattern = std::make_unique<RE2>(text, options);
  if (pattern->ok()) return pattern;
  return Error{Errc::invalid, "regular expression '" + text + "': " + pattern->error()};
}

Result<TestPointer> compile_test(const Filter& filter);

/// Compiles the parts of an inner node and puts the cheap ones first.
struct PartsCompiler {
  TestKind kind;

  Result<TestPointer> operator()(const std::vector<Filter>& filters) const {
    auto test = std::make_unique<MatchTest>();
    test->kind = kind;
    for (const Filter& filter : filters) {
      TALLY_TRY(auto part, compile_test(filter));
      test->wanted = test->wanted | part->wanted;
      test->cost += part->cost;
      test->parts.push_back(std::move(part));
    }
    std::stable_sort(test->parts.begin(), test->parts.end(),
                     [](const TestPointer& a, const TestPointer& b) { return a->cost < b->cost; });
    return test;
  }
};

struct NodeCompiler {
  Result<TestPointer> operator()(const AllOf& node) const {
    return PartsCompiler{TestKind::all}(node.parts);
  }
  Result<TestPointer> operator()(const AnyOf& node) const {
    return PartsCompiler{TestKind::any}(node.parts);
  }
  Result<TestPointer> operator()(const Not& node) const {
    return PartsCompiler{TestKind::negate}(node.part);
  }

  Result<TestPointer> operator()(const LabelMatch& node) const {
    auto test = std::make_unique<MatchTest>();
    const bool is_pattern = node.op == LabelOp::matches || node.op == LabelOp::not_matches;
    test->kind = is_pattern ? TestKind::label_pattern : TestKind::label_equal;
    test->expected = node.op == LabelOp::equal || node.op == LabelOp::matches;
    test->cost = is_pattern ? kLabelPatternCost : kLabelCost;
    if (node.label.kind == LabelKind::metadata) test->cost += kMetadataCost;
    test->wanted = needs(node.label);
    test->label = node.label;
    test->value = node.value;
    test->needle = Needle(evidence_of(node));
    if (is_pattern) {
      TALLY_TRY(test->pattern, compile_pattern(node.value));
    }
    return test;
  }

  Result<TestPointer> operator()(const LineMatch& node) const {
    auto test = std::make_unique<MatchTest>();
    const bool is_pattern = node.op == LineOp::matches || node.op == LineOp::not_matches;
    test->kind = is_pattern ? TestKind::line_pattern : TestKind::line_text;
    test->expected = node.op == LineOp::contains || node.op == LineOp::matches;
    test->cost = is_pattern ? kLinePatternCost : kLineTextCost;
    test->needle = Needle(node.value);
    if (is_pattern) {
      TALLY_TRY(test->pattern, compile_pattern(node.value));
    }
    return test;
  }

  Result<TestPointer> operator()(const TimeRange& node) const {
    auto test = std::make_unique<MatchTest>();
    test->kind = TestKind::range;
    test->cost = kLabelCost;
    test->wanted = store::FieldSet::time;
    test->range = node;
    return test;
  }
};

Result<TestPointer> compile_test(const Filter& filter) {
  return std::visit(NodeCompiler{}, filter.node);
}

}  // namespace

// Most events of a scan do not have the value, and then their line lacks its text: seen without any
// parsing. Only a string that is spelled with escapes can have the value without the text.
bool MatchTest::label_is_equal(ScannedEvent& event) const {
  if (!event.is_read() && !needle.is_in(event.line()) &&
      event.line().find('\\') == std::string_view::npos) {
    return false;
  }
  const store::EventFields* fields = event.fields();
  return fields != nullptr && value_of(label, *fields, event.metadata()) == value;
}

bool MatchTest::label_fits(ScannedEvent& event) const {
  const store::EventFields* fields = event.fields();
  if (fields == nullptr) return false;
  const std::string_view text = value_of(label, *fields, event.metadata());
  return RE2::FullMatch({text.data(), text.size()}, *pattern);
}

bool MatchTest::is_in_range(ScannedEvent& event) const {
  const store::EventFields* fields = event.fields();
  if (fields == nullptr) return false;
  const UtcTime time = fields->time.utc;
  return (!range.from || time >= *range.from) && (!range.until || time < *range.until);
}

bool MatchTest::compare(ScannedEvent& event) const {
  const auto part_holds = [&](const TestPointer& part) { return part->holds(event); };
  switch (kind) {
    case TestKind::all:
      return std::all_of(parts.begin(), parts.end(), part_holds);
    case TestKind::any:
      return std::any_of(parts.begin(), parts.end(), part_holds);
    case TestKind::negate:
      return std::none_of(parts.begin(), parts.end(), part_holds);
    case TestKind::label_equal:
      return label_is_equal(event);
    case TestKind::label_pattern:
      return label_fits(event);
    case TestKind::line_text:
      return needle.is_in(event.line());
    case TestKind::line_pattern:
      return RE2::PartialMatch({event.line().data(), event.line().size()}, *pattern);
    case TestKind::range:
      return is_in_range(event);
  }
  return false;
}

bool MatchTest::holds(ScannedEvent& event) const { return compare(event) == expected; }

Matcher::Matcher(std::unique_ptr<MatchTest> root) : root_(std::move(root)) {}
Matcher::~Matcher() = default;
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;

Result<Matcher> Matcher::compile(const Filter& filter) {
  TALLY_TRY(auto root, compile_test(filter));
  return Matcher(std::move(root));
}

bool Matcher::matches(ScannedEvent& event) const {
  return root_->holds(event) && !event.is_damaged();
}

store::FieldSet Matcher::wanted() const noexcept { return root_->wanted; }

}  // namespace tally::query
