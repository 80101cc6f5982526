#include "query/event_printer.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/query/time_zone_guard.h"
#include "tests/support/padded_text.h"

namespace tally::query {
namespace {

constexpr std::string_view kList =
    R"({"timestamp": "2026-01-23T21:55:09.592561+00:00", "service": "container-engine", )"
    R"("operation": "list", "container": null, "success": true, "error": null, )"
    R"("metadata": {"count": 20}})";
constexpr std::string_view kRestart =
    R"({"service":"healer","operation":"restart","timestamp":"2026-07-23T21:55:09+02:00",)"
    R"("container":"web\u001b[2J","success":false,"error":"=cmd, \"denied\"\nagain",)"
    R"("metadata":{"note":"two words","image":"nginx:1.25","inner":{"a": 1}}})";

std::string print(OutputFormat format, Zone zone, bool colours = false) {
  EventPrinter printer(format, LineStyle{zone, colours});
  std::string out;
  for (const std::string_view text : {kList, kRestart}) {
    const tests::PaddedText line(text);
    printer.print(line.view(), out);
  }
  printer.finish(out);
  return out;
}

TEST(EventPrinter, JsonlIsTheStoredBytes) {
  EXPECT_EQ(print(OutputFormat::jsonl, Zone::utc()),
            std::string(kList) + "\n" + std::string(kRestart) + "\n");
}

TEST(EventPrinter, PrettyIsALineForPeople) {
  const TimeZoneGuard zone(kCentralEurope);
  EXPECT_EQ(print(OutputFormat::pretty, Zone::local()),
            "2026-01-23 22:55:09.592  ok      container-engine      list        -               "
            "  count=20\n"
            "2026-07-23 21:55:09.000  FAILED  healer                restart     web\\x1b[2J      "
            "  =cmd, \"denied\"\\nagain  note=\"two words\" image=nginx:1.25 inner={\"a\": 1}\n");
}

TEST(EventPrinter, ColoursComeFromThePrinterOnly) {
  const std::string text = print(OutputFormat::pretty, Zone::utc(), true);
  EXPECT_NE(text.find("\x1b[1;31mFAILED\x1b[0m"), std::string::npos);
  EXPECT_NE(text.find("\x1b[32mok\x1b[0m"), std::string::npos);
  EXPECT_EQ(text.find("\x1b[2J"), std::string::npos);
}

TEST(EventPrinter, CsvIsRfc4180WithTheTimeAsWritten) {
  EXPECT_EQ(print(OutputFormat::csv, Zone::utc()),
            "timestamp,service,operation,container,success,error,metadata\r\n"
            "2026-01-23T21:55:09.592561+00:00,container-engine,list,,true,,"
            "\"{\"\"count\"\": 20}\"\r\n"
            "2026-07-23T21:55:09+02:00,healer,restart,web\x1b[2J,false,"
            "\"'=cmd, \"\"denied\"\"\nagain\","
            "\"{\"\"note\"\":\"\"two words\"\",\"\"image\"\":\"\"nginx:1.25\"\",\"\"inner\"\":"
            "{\"\"a\"\": 1}}\"\r\n");
}

TEST(EventPrinter, CsvWithoutEventsHasItsHeader) {
  EventPrinter printer(OutputFormat::csv, LineStyle{Zone::utc(), false});
  std::string out;
  printer.finish(out);
  EXPECT_EQ(out, "timestamp,service,operation,container,success,error,metadata\r\n");
}

TEST(EventPrinter, TableIsAligned) {
  EXPECT_EQ(print(OutputFormat::table, Zone::utc()),
            "TIME                     RESULT  SERVICE           OPERATION  CONTAINER   "
            "ERROR                  METADATA\n"
            "2026-01-23 21:55:09.592  ok      container-engine  list       -           "
            "-                      count=20\n"
            "2026-07-23 19:55:09.000  FAILED  healer            restart    web\\x1b[2J  "
            "=cmd, \"denied\"\\nagain  note=\"two words\" image=nginx:1.25 inner={\"a\": 1}\n");
}

}  // namespace
}  // namespace tally::query
