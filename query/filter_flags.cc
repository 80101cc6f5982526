#include "query/filter_flags.h"

#include <utility>

namespace tally::query {
namespace {

void add_alternatives(std::vector<Filter>& all, LabelKind kind,
                      const std::vector<std::string>& values) {
  if (values.empty()) return;
  std::vector<Filter> any;
  any.reserve(values.size());
  for (const std::string& value : values) {
    any.push_back(Filter{LabelMatch{Label{kind, {}}, LabelOp::equal, value}});
  }
  all.push_back(any_of(std::move(any)));
}

}  // namespace

Result<Filter> build_filter(const FilterFlags& flags) {
  if (flags.succeeded && flags.failed) {
    return Error{Errc::invalid, "--ok and --failed exclude each other: leave both out for all"};
  }
  const TimeRange& range = flags.range;
  if (range.from && range.until && *range.from >= *range.until) {
    return Error{Errc::invalid, "--since " + format_rfc3339(*range.from) +
                                    " is not before --until " + format_rfc3339(*range.until)};
  }
  std::vector<Filter> all;
  if (range.from || range.until) all.push_back(Filter{range});
  add_alternatives(all, LabelKind::service, flags.services);
  add_alternatives(all, LabelKind::operation, flags.operations);
  add_alternatives(all, LabelKind::container, flags.containers);
  if (flags.succeeded || flags.failed) {
    const std::string value = flags.succeeded ? "true" : "false";
    all.push_back(Filter{LabelMatch{Label{LabelKind::success, {}}, LabelOp::equal, value}});
  }
  if (!flags.texts.empty()) {
    std::vector<Filter> any;
    for (const std::string& text : flags.texts)
      any.push_back(Filter{LineMatch{LineOp::contains, text}});
    all.push_back(any_of(std::move(any)));
  }
  return all_of(std::move(all));
}

}  // namespace tally::query
