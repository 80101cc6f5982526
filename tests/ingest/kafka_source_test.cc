#include "ingest/kafka/kafka_source.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "tests/ingest/consume_harness.h"
#include "tests/support/command_output.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/patience.h"
#include "tests/support/store_harness.h"

namespace tally::tests {
namespace {

using KafkaSource = Consuming;

TEST_F(KafkaSource, GoesOnExactlyAfterAStop) {
  admin.create(topic(), 3);
  for (int i = 0; i < 4; ++i) {
    write(1000, 3);
    const ConsumingStore consuming(store("a"), url());
    consuming.await(1000);
  }
  { const ConsumingStore consuming(store("a"), url()); }
  expect_each_once(stored_lines(store("a")), 1, written());
}

TEST_F(KafkaSource, TriesAgainWhatTheStoreDidNotTake) {
  admin.create(topic(), 1);
  FaultFileSystem files;
  const SystemClock clock;
  store::StoreOptions options;
  options.directory = "/store";
  options.file_bytes = 1024 * 1024;
  auto opened = store::Store::open(files, clock, options);
  ASSERT_TRUE(opened) << opened.error().context;
  ingest::KafkaSourceOptions reading;
  reading.settings = ingest::read_consume_url(url()).value();
  ingest::KafkaSource source(*opened.value(), clock, std::move(reading));
  source.start();
  wait_until([&] { return source.stats().partitions == 1 && published() == 0; });
  for (std::uint64_t round = 1; round <= 3; ++round) {
    Fault fault;
    // A commit overwrites zeros; what is written ahead takes space.
    fault.among = [](const Operation& operation) {
      return operation.kind == OperationKind::write && !operation.takes_space &&
             operation.path.filename() != "durable";
    };
    files.set_fault(fault);
    write(100, 1);
    wait_until([&] { return source.stats().events == written(); });
    EXPECT_GE(source.stats().retries, round);
  }
  source.stop();
  const auto contents = read_store(files, "/store");
  ASSERT_TRUE(contents) << contents.error().context;
  expect_each_once(contents.value().lines, 1, written());
  expect_order_of_containers(contents.value().lines);
}

TEST_F(KafkaSource, StartsWithWhatComesFromNowOn) {
  admin.create(topic(), 1);
  write(100, 1);
  const ConsumingStore consuming(store("a"), url("&start=now"));
  wait_until([&] { return consuming.stats().partitions == 1; });
  write(50, 1);
  consuming.await(50);
  expect_each_once(stored_lines(store("a")), 101, 150);
}

TEST_F(KafkaSource, RefusesWhatIsNoEventAndGoesOn) {
  admin.create(topic(), 1);
  write(1, 1);
  admin.write_nothing(topic(), 0);
  admin.write(topic(), 0, "[" + numbered_event(9) + "]");
  admin.write(topic(), 0, numbered_event(8) + "\n" + numbered_event(9));
  admin.write(topic(), 0, "<not>json</not>");
  write(1, 1);
  {
    const ConsumingStore consuming(store("a"), url());
    consuming.await(6);
    EXPECT_EQ(consuming.stats().refused, 4u);
    wait_until([&] { return consuming.stats().lag == 0; });
  }
  expect_each_once(stored_lines(store("a")), 1, 2);
  const std::string rejected =
      output_of(std::string(TALLY_PROGRAM) + " rejected --data " + store("a").string());
  for (const char* offset : {"1", "2", "3", "4"}) {
    const std::string place = "\"kafka\",\"name\":\"" + topic() + "/0\",\"offset\":" + offset + "}";
    EXPECT_NE(rejected.find(place), std::string::npos) << place << "\n" << rejected;
  }
}

TEST_F(KafkaSource, TakesForeignRecordsOverSeveralLines) {
  admin.create(topic(), 1);
  std::string pretty = numbered_event(1);
  pretty.insert(1, "\n   ");
  admin.write(topic(), 0, pretty + "\n");
  admin.flush();
  {
    const ConsumingStore consuming(store("a"), url());
    consuming.await(1);
    EXPECT_EQ(consuming.stats().refused, 0u);
  }
  pretty.replace(1, 1, " ");
  EXPECT_EQ(stored_lines(store("a")), std::vector{pretty});
}

TEST_F(KafkaSource, WaitsForATopicThatIsMissing) {
  const ConsumingStore consuming(store("a"), url());
  wait_until(
      [&] { return consuming.stats().trouble.find("create the topic") != std::string::npos; });
  admin.create(topic(), 2);
  write(100, 2);
  consuming.await(100);
  EXPECT_EQ(consuming.stats().trouble, "");
}

TEST_F(KafkaSource, NoticesPartitionsThatAreAdded) {
  admin.create(topic(), 1);
  const ConsumingStore consuming(store("a"), url("&start=now"));
  wait_until([&] { return consuming.stats().partitions == 1; });
  write(100, 1);
  consuming.await(100);
  admin.grow(topic(), 3);
  write(300, 3);
  consuming.await(400);
  EXPECT_EQ(consuming.stats().partitions, 3u);
  expect_each_once(stored_lines(store("a")), 1, written());
}

TEST_F(KafkaSource, CountsRecordsThatWereRemovedBeforeItCame) {
  admin.create(topic(), 1);
  write(100, 1);
  {
    const ConsumingStore consuming(store("a"), url());
    consuming.await(100);
  }
  write(100, 1);
  admin.remove_records(topic(), 0, 130);
  {
    const ConsumingStore consuming(store("a"), url());
    consuming.await(70);
    EXPECT_EQ(consuming.stats().lost, 30u);
  }
  const auto lines = stored_lines(store("a"));
  ASSERT_EQ(lines.size(), 170u);
  EXPECT_EQ(lines[99], numbered_event(100));
  EXPECT_EQ(lines[100], numbered_event(131));
}

TEST_F(KafkaSource, DoesNotTakeATopicMadeAnewForTheOldOne) {
  admin.create(topic(), 1);
  write(100, 1);
  {
    const ConsumingStore consuming(store("a"), url());
    consuming.await(100);
  }
  admin.remove(topic());
  admin.create(topic(), 1);
  write(50, 1);
  {
    const ConsumingStore consuming(store("a"), url());
    wait_until([&] { return consuming.stats().gone == 1; });
  }
  // Now the new topic is longer than the place: it still is another one.
  write(100, 1);
  {
    const ConsumingStore consuming(store("a"), url());
    wait_until([&] { return consuming.stats().gone == 1; });
    EXPECT_EQ(consuming.stats().partitions, 0u);
  }
  EXPECT_EQ(stored_lines(store("a")).size(), 100u);
  {
    const ConsumingStore consuming(store("a"), url("&generation=2"));
    consuming.await(150);
  }
  expect_each_once(stored_lines(store("a")), 1, 250);
}

TEST_F(KafkaSource, MembersShareAfterACleanStop) {
  admin.create(topic(), 3);
  write(300, 3);
  {
    const ConsumingStore all(store("a"), url());
    all.await(300);
  }
  write(300, 3);
  {
    const ConsumingStore first(store("a"), url("&member=1/2"));
    const ConsumingStore second(store("b"), url("&member=2/2"));
    first.await(200);
    second.await(100);
    EXPECT_EQ(first.stats().partitions, 2u);
    EXPECT_EQ(second.stats().partitions, 1u);
  }
  write(300, 3);
  {
    const ConsumingStore all(store("b"), url());
    all.await(300);
    EXPECT_EQ(all.stats().held, 0u);
  }
  auto lines = stored_lines(store("a"));
  for (std::string& line : stored_lines(store("b"))) lines.push_back(std::move(line));
  expect_each_once(lines, 1, written());
}

TEST_F(KafkaSource, NoticesThatATopicIsMadeAnewWhileItReads) {
  admin.create(topic(), 1);
  write(100, 1);
  const ConsumingStore consuming(store("a"), url());
  consuming.await(100);
  admin.remove(topic());
  admin.create(topic(), 1);
  write(50, 1);
  wait_until([&] { return consuming.stats().gone == 1; });
  EXPECT_EQ(consuming.stats().events, 100u);
}

TEST_F(KafkaSource, MakesWayForWhoTakesOver) {
  admin.create(topic(), 1);
  write(100, 1);
  const ConsumingStore first(store("a"), url());
  first.await(100);
  wait_until([&] { return published() == 100; });
  const ConsumingStore second(store("b"), url("&takeover=yes"));
  wait_until([&] { return first.stats().held == 1; });
  write(100, 1);
  second.await(100);
  EXPECT_EQ(second.stats().held, 0u);
  EXPECT_EQ(first.stats().events, 100u);
}

TEST_F(KafkaSource, SaysWhichRightsAreMissing) {
  admin.create(topic(), 1);
  write(10, 1);
  const auto password = store("password");
  std::ofstream(password) << "well kept";
  std::filesystem::permissions(password, std::filesystem::perms(0600));
  const ConsumingStore consuming(
      store("a"), "kafka://" + broker.guarded() + "/" + topic() + "?group=" + topic() +
                      "&rdkafka.security.protocol=SASL_PLAINTEXT&rdkafka.sasl.mechanisms=PLAIN"
                      "&rdkafka.sasl.username=tally&rdkafka.sasl.password_file=" +
                      password.string());
  const auto complains_of = [&](const std::string& what) {
    wait_until([&] { return consuming.stats().trouble.find(what) != std::string::npos; });
  };
  complains_of("Describe and Read on the topic");
  broker.allow("--operation Read --topic " + topic());
  complains_of("Read on the group");
  broker.allow("--operation Read --group " + topic());
  consuming.await(10);
}

}  // namespace
}  // namespace tally::tests
