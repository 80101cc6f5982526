#include "ingest/kafka/partition_start.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>

#include "ingest/kafka/group_claim.h"

namespace tally::ingest {
namespace {

const StartPolicy kOurs{"us", 1, ConsumeStart::oldest, false};

PartitionEvidence evidence(std::optional<std::int64_t> journal, std::optional<std::int64_t> group,
                           const std::string& metadata = "") {
  PartitionEvidence made;
  if (journal) made.journal = PartitionPlace{*journal, 1, false};
  if (group) made.group = GroupOffset{*group, metadata};
  made.offsets = {100, 200};
  return made;
}

TEST(PartitionStart, NobodyKnows) {
  EXPECT_EQ(decide_start(evidence({}, {}), kOurs).next, 100);
  StartPolicy now = kOurs;
  now.start = ConsumeStart::now;
  EXPECT_EQ(decide_start(evidence({}, {}), now).next, 200);
  PartitionEvidence added = evidence({}, {});
  added.added = true;
  EXPECT_EQ(decide_start(added, now).next, 100);
}

TEST(PartitionStart, TheLargerOfJournalAndGroupCounts) {
  EXPECT_EQ(decide_start(evidence(150, 140, "store=us member=1/1"), kOurs).next, 150);
  EXPECT_EQ(decide_start(evidence(150, 160), kOurs).next, 160);
  EXPECT_EQ(decide_start(evidence({}, 160), kOurs).next, 160);
}

TEST(PartitionStart, AnotherStoreHoldsWhatItHasNotClosed) {
  const auto held = decide_start(evidence({}, 160, "store=them member=1/1"), kOurs);
  EXPECT_EQ(held.state, PartitionState::held);
  EXPECT_EQ(held.holder, "store them, member 1/1");
  const auto closed = decide_start(evidence(120, 160, "store=them member=1/1 closed"), kOurs);
  EXPECT_EQ(closed.state, PartitionState::reading);
  EXPECT_EQ(closed.next, 160);
  StartPolicy takeover = kOurs;
  takeover.takeover = true;
  const auto taken = decide_start(evidence({}, 160, "store=them member=1/1"), takeover);
  EXPECT_EQ(taken.state, PartitionState::reading);
  EXPECT_EQ(taken.next, 160);
  EXPECT_EQ(taken.holder, "store them, member 1/1") << "to be told of";
}

TEST(GroupClaim, IsReadAsItWasWritten) {
  for (const std::uint64_t generation : {1U, 7U}) {
    for (const bool closed : {false, true}) {
      const GroupClaim claim{"them", "1/2", generation, closed};
      EXPECT_EQ(parse_group_claim(to_text(claim)), claim);
    }
  }
}

TEST(GroupClaim, WithoutAStoreOrAMemberIsNone) {
  for (const char* text : {"", "store=s", "store= member=1/1", "store=s member=",
                           "member=1/1 store=s", "reset by store=s member=1/1"}) {
    EXPECT_EQ(parse_group_claim(text), std::nullopt) << text;
  }
}

TEST(GroupClaim, BindsWhoDoesNotKnowEveryWord) {
  const GroupClaim claim{"s", "1/1", 3, false};
  EXPECT_EQ(parse_group_claim("store=s member=1/1 host=h generation=3 closed-not"), claim);
}

TEST(GroupClaim, WithAGenerationThatIsNoNumberIsNone) {
  for (const char* number : {"", "x", "2x", "-1", "99999999999999999999"}) {
    EXPECT_EQ(parse_group_claim(std::string("store=s member=1/1 generation=") + number),
              std::nullopt)
        << number;
  }
}

TEST(PartitionStart, WhatIsRemovedIsLost) {
  const auto start = decide_start(evidence(70, {}), kOurs);
  EXPECT_EQ(start.state, PartitionState::reading);
  EXPECT_EQ(start.next, 100);
  EXPECT_EQ(start.lost, 30u);
}

TEST(PartitionStart, APlaceBeyondTheEndIsAnotherTopics) {
  EXPECT_EQ(decide_start(evidence(200, {}), kOurs).state, PartitionState::reading);
  EXPECT_EQ(decide_start(evidence(201, {}), kOurs).state, PartitionState::gone);
  PartitionEvidence grown = evidence(150, {});
  grown.journal->gone = true;
  EXPECT_EQ(decide_start(grown, kOurs).state, PartitionState::gone);
}

TEST(PartitionStart, AnotherGenerationKnowsNothing) {
  StartPolicy second = kOurs;
  second.generation = 2;
  EXPECT_EQ(decide_start(evidence({}, 300, "store=us member=1/1"), second).next, 100);
  EXPECT_EQ(decide_start(evidence({}, 160, "store=us member=1/1 generation=2 closed"), second).next,
            160);
}

TEST(GroupClaim, IsReadAsItIsWritten) {
  for (const GroupClaim& claim :
       {GroupClaim{"a-b", "1/2", 1, false}, GroupClaim{"a", "2/2", 1, true},
        GroupClaim{"a", "2/2", 7, false}, GroupClaim{"a", "2/2", 7, true}}) {
    EXPECT_EQ(parse_group_claim(to_text(claim)), claim) << to_text(claim);
  }
  EXPECT_EQ(to_text(GroupClaim{"UUID", "1/2", 1, true}), "store=UUID member=1/2 closed");
  EXPECT_EQ(parse_group_claim(""), std::nullopt);
  EXPECT_EQ(parse_group_claim("from a tool"), std::nullopt);
}

TEST(PartitionPlace, IsReadAsItIsWritten) {
  const TopicSource topic{"abc", "audit", 2};
  const PartitionPlace place{123, 4, true};
  const std::string source = place_source(topic, 3);
  EXPECT_EQ(source, "kafka:abc:audit:2:3");
  EXPECT_EQ(encode(place), "1 123 4 gone");
  const auto read = read_place(topic, source, encode(place));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->partition, 3);
  EXPECT_EQ(read->place, place);
  EXPECT_FALSE(read_place({"abd", "audit", 2}, source, encode(place)));
  EXPECT_FALSE(read_place({"abc", "audit", 1}, source, encode(place)));
  EXPECT_FALSE(read_place(topic, source, "2 123 4 gone"));
  EXPECT_FALSE(read_place(topic, source, "1 123 4 "));
}

TEST(ConsumeSettings, AreReadFromTheUrl) {
  const auto all = read_consume_url(
      "kafka://a:1,b:2/audit?member=2/"
      "3&group=g&start=now&generation=4&takeover=yes&memory=1048576");
  ASSERT_TRUE(all) << all.error().context;
  const ConsumeSettings& settings = all.value();
  EXPECT_EQ(settings.name(), "a:1,b:2/audit");
  EXPECT_FALSE(settings.member.owns(0));
  EXPECT_TRUE(settings.member.owns(1));
  EXPECT_TRUE(settings.member.owns(4));
  EXPECT_EQ(settings.group, "g");
  EXPECT_EQ(settings.start, ConsumeStart::now);
  EXPECT_EQ(settings.generation, 4u);
  EXPECT_TRUE(settings.takeover);
  EXPECT_EQ(read_consume_url("kafka://a/t").value().memory_bytes, 32u * 1024 * 1024);
  for (const char* wrong :
       {"kafka://a", "file:///t", "kafka://a/t?member=0/1", "kafka://a/t?member=2/1",
        "kafka://a/t?member=1", "kafka://a/t?x=1", "kafka://a/t?rdkafka.group.id=x"}) {
    EXPECT_FALSE(read_consume_url(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace tally::ingest
