#include "query/label.h"

#include <gtest/gtest.h>

namespace tally::query {
namespace {

TEST(Label, NamesCanBeReadBack) {
  for (const std::string_view name :
       {"service", "operation", "container", "success", "level", "error", "metadata.a.b"}) {
    const auto label = parse_label(name);
    ASSERT_TRUE(label) << name;
    EXPECT_EQ(to_string(label.value()), name);
  }
  EXPECT_EQ(parse_label("detected_level").value().kind, LabelKind::level);
}

TEST(Label, UnknownNameIsToldTheNearestOne) {
  const auto label = parse_label("sevice");
  ASSERT_FALSE(label);
  EXPECT_EQ(label.error().code, Errc::invalid);
  EXPECT_NE(label.error().context.find("did you mean 'service'"), std::string::npos);
  EXPECT_NE(parse_label("metadat.x").error().context.find("metadata.KEY"), std::string::npos);
  EXPECT_FALSE(parse_label(""));
  EXPECT_FALSE(parse_label("metadata."));
}

TEST(Label, ListsAreSeparatedByCommas) {
  const auto labels = parse_labels("service,metadata.x");
  ASSERT_TRUE(labels);
  ASSERT_EQ(labels.value().size(), 2u);
  EXPECT_EQ(labels.value()[1].path, "x");
  EXPECT_FALSE(parse_labels("service,"));
}

TEST(Label, AbsentIsEmpty) {
  store::MetadataReader metadata;
  store::EventFields event;
  event.service = "s";
  event.success = true;
  EXPECT_EQ(value_of(Label{LabelKind::service, {}}, event, metadata), "s");
  EXPECT_EQ(value_of(Label{LabelKind::container, {}}, event, metadata), "");
  EXPECT_EQ(value_of(Label{LabelKind::error, {}}, event, metadata), "");
  EXPECT_EQ(value_of(Label{LabelKind::metadata, "x"}, event, metadata), "");
  EXPECT_EQ(value_of(Label{LabelKind::level, {}}, event, metadata), "info");
  event.success = false;
  EXPECT_EQ(value_of(Label{LabelKind::level, {}}, event, metadata), "error");
  EXPECT_EQ(value_of(Label{LabelKind::success, {}}, event, metadata), "false");
}

}  // namespace
}  // namespace tally::query
