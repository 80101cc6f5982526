#include "app/salvage_report.h"

#include <gtest/gtest.h>

namespace tally::app {
namespace {

TEST(SalvageReport, TellsWhatIsLostAndWhere) {
  store::SalvageReport report;
  report.files.resize(2);
  report.files[0].path = "whole";
  store::SalvagedFile& file = report.files[1];
  file.path = "damaged";
  file.kind = store::SalvageKind::journal;
  file.bytes = 1000;
  file.events = 5;
  file.damage.push_back({300, 20, "reason", false});
  file.lost.push_back({Sequence{7}, Sequence{10}});
  report.events = 5;
  report.lost = 3;
  EXPECT_EQ(salvage_report(report, false),
            "damaged: journal file, 1000 bytes: 5 events\n"
            "  bytes 300 to 320: reason\n"
            "  events 7 to 9 are lost (3)\n"
            "2 files: 5 events; 3 are known to be lost\n");
}

TEST(SalvageReport, OfWholeFilesIsTheSumUnlessAskedFor) {
  store::SalvageReport report;
  report.files.resize(1);
  report.files[0].path = "whole";
  report.files[0].kind = store::SalvageKind::segment;
  EXPECT_EQ(salvage_report(report, false), "1 files: 0 events; nothing is lost\n");
  EXPECT_EQ(salvage_report(report, true),
            "whole: segment, 0 bytes: 0 events\n1 files: 0 events; nothing is lost\n");
}

}  // namespace
}  // namespace tally::app
