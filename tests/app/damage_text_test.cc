#include "app/damage_text.h"

#include <gtest/gtest.h>

namespace tally::app {
namespace {

using store::CorruptRange;

TEST(DamageText, NamesFileOffsetAndEvents) {
  EXPECT_EQ(damage_text(CorruptRange{"f", 300, 20, Sequence{7}, 3}),
            "f: 20 bytes at offset 300 are not what was written; events 7 to 9 are lost");
  EXPECT_EQ(damage_text(CorruptRange{"f", 300, 20, Sequence{7}, 1}),
            "f: 20 bytes at offset 300 are not what was written; event 7 is lost");
  EXPECT_EQ(damage_text(CorruptRange{"f", 300, 20, Sequence{7}, 0}),
            "f: 20 bytes at offset 300 are not what was written; no event is lost");
}

TEST(DamageText, TellsWhatIsNotKnown) {
  EXPECT_EQ(damage_text(CorruptRange{"f", 0, 0, Sequence{0}, 0}),
            "f is damaged or missing; which events it held is unknown");
  EXPECT_EQ(damage_text(CorruptRange{"f", 0, 0, Sequence{7}, 3, true}),
            "files before f are missing; events 7 to 9 are lost");
}

}  // namespace
}  // namespace tally::app
