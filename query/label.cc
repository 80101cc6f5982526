#include "query/label.h"

#include <array>
#include <iterator>

#include "model/nearest_name.h"

namespace tally::query {
namespace {

struct LabelName {
  std::string_view name;
  LabelKind kind;
};

// The first name of a kind is the one that to_string() gives.
constexpr std::array kLabelNames{
    LabelName{"service", LabelKind::service},     LabelName{"operation", LabelKind::operation},
    LabelName{"container", LabelKind::container}, LabelName{"success", LabelKind::success},
    LabelName{"level", LabelKind::level},         LabelName{"detected_level", LabelKind::level},
    LabelName{"error", LabelKind::error},
};

constexpr std::string_view kMetadataPrefix = "metadata.";
constexpr std::string_view kMetadataExample = "metadata.KEY";

Error unknown_label(std::string_view name) {
  std::vector<std::string_view> known;
  known.reserve(std::size(kLabelNames) + 1);
  for (const LabelName& label : kLabelNames) known.push_back(label.name);
  known.push_back(kMetadataExample);
  std::string what = "unknown field '" + std::string(name) + "': did you mean '";
  what += nearest_name(name, known);
  what += "'? Known are ";
  for (std::size_t i = 0; i < known.size(); ++i) what.append(i == 0 ? "" : ", ").append(known[i]);
  return Error{Errc::invalid, std::move(what)};
}

}  // namespace

Result<Label> parse_label(std::string_view name) {
  for (const LabelName& label : kLabelNames) {
    if (label.name == name) return Label{label.kind, {}};
  }
  if (name.starts_with(kMetadataPrefix) && name.size() > kMetadataPrefix.size()) {
    return Label{LabelKind::metadata, std::string(name.substr(kMetadataPrefix.size()))};
  }
  return unknown_label(name);
}

Result<std::vector<Label>> parse_labels(std::string_view names) {
  std::vector<Label> labels;
  while (true) {
    const std::size_t comma = names.find(',');
    TALLY_TRY(auto label, parse_label(names.substr(0, comma)));
    labels.push_back(std::move(label));
    if (comma == std::string_view::npos) return labels;
    names.remove_prefix(comma + 1);
  }
}

std::string to_string(const Label& label) {
  if (label.kind == LabelKind::metadata) return std::string(kMetadataPrefix) + label.path;
  for (const LabelName& known : kLabelNames) {
    if (known.kind == label.kind) return std::string(known.name);
  }
  return {};
}

store::FieldSet needs(const Label& label) noexcept {
  switch (label.kind) {
    case LabelKind::service:
      return store::FieldSet::service;
    case LabelKind::operation:
      return store::FieldSet::operation;
    case LabelKind::container:
      return store::FieldSet::container;
    case LabelKind::success:
    case LabelKind::level:
      return store::FieldSet::success;
    case LabelKind::error:
      return store::FieldSet::error;
    case LabelKind::metadata:
      return store::FieldSet::metadata;
  }
  return store::FieldSet::all;
}

std::string_view value_of(const Label& label, const store::EventFields& event,
                          store::MetadataReader& metadata) {
  switch (label.kind) {
    case LabelKind::service:
      return event.service;
    case LabelKind::operation:
      return event.operation;
    case LabelKind::container:
      return event.container.value_or("");
    case LabelKind::success:
      return event.success ? "true" : "false";
    case LabelKind::level:
      return event.success ? "info" : "error";
    case LabelKind::error:
      return event.error.value_or("");
    case LabelKind::metadata:
      return metadata.find(event.metadata, label.path).value_or("");
  }
  return {};
}

}  // namespace tally::query
