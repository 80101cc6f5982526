#include "ingest/body_type.h"

#include <gtest/gtest.h>

namespace tally::ingest {
namespace {

TEST(BodyType, NamesTheForm) {
  EXPECT_EQ(body_form(""), BodyForm::sniff);
  EXPECT_EQ(body_form("application/json"), BodyForm::sniff);
  EXPECT_EQ(body_form("Application/JSON; charset=utf-8"), BodyForm::sniff);
  EXPECT_EQ(body_form("application/x-www-form-urlencoded"), BodyForm::sniff);
  EXPECT_EQ(body_form("application/x-ndjson"), BodyForm::ndjson);
  EXPECT_EQ(body_form("application/x-ndjson ;x=y"), BodyForm::ndjson);
}

TEST(BodyType, KnowsWhatHoldsNoEvents) {
  for (const char* type : {"text/html", "multipart/form-data; boundary=x", "application/xml",
                           "application/jsonp", "json"}) {
    EXPECT_FALSE(body_form(type)) << type;
  }
}

}  // namespace
}  // namespace tally::ingest
