#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>

#include "shipper/kafka/record_parts.h"
#include "store/cursor.h"
#include "tests/kafka/kafka_broker.h"
#include "tests/shipper/sample_store.h"
#include "tests/shipper/topic_reader.h"
#include "tests/support/patience.h"

// Two who ship as one, and transactions that others have open.

namespace tally::tests {
namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using testing::HasSubstr;
constexpr std::chrono::minutes kLongEnough{2};

/// A transaction of somebody else's that stays open until it times out.
class OpenTransaction {
 public:
  OpenTransaction(const std::string& bootstrap, const std::string& topic) {
    rd_kafka_conf_t* const configuration = rd_kafka_conf_new();
    for (const auto& [name, value] : {std::pair{"bootstrap.servers", bootstrap.c_str()},
                                      {"transactional.id", topic.c_str()},
                                      {"transaction.timeout.ms", "4000"},
                                      {"message.timeout.ms", "3000"}}) {
      rd_kafka_conf_set(configuration, name, value, nullptr, 0);
    }
    producer_ = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nullptr, 0);
    succeed(rd_kafka_init_transactions(producer_, 30'000));
    succeed(rd_kafka_begin_transaction(producer_));
    const std::array<rd_kafka_vu_t, 3> parts = {shipper::topic_name_part(topic.c_str()),
                                                shipper::partition_part(0),
                                                shipper::bytes_part(RD_KAFKA_VTYPE_KEY, "another")};
    succeed(rd_kafka_produceva(producer_, parts.data(), parts.size()));
    EXPECT_EQ(rd_kafka_flush(producer_, 30'000), RD_KAFKA_RESP_ERR_NO_ERROR);
  }
  ~OpenTransaction() { rd_kafka_destroy(producer_); }
  OpenTransaction(const OpenTransaction&) = delete;
  OpenTransaction& operator=(const OpenTransaction&) = delete;

 private:
  static void succeed(rd_kafka_error_t* error) {
    EXPECT_EQ(error, nullptr) << rd_kafka_error_string(error);
  }

  rd_kafka_t* producer_ = nullptr;
};

class KafkaFencing : public testing::Test {
 protected:
  using Begun = Result<store::SinkState>;

  std::string topic() const {
    return testing::UnitTest::GetInstance()->current_test_info()->name();
  }
  std::string cursor_topic() const { return topic() + ".tally-cursor"; }
  std::string url(const std::string& parameters = "") const {
    return "kafka://" + broker.bootstrap() + "/" + topic() + "?create=3&name=fenced" + parameters;
  }

  std::unique_ptr<shipper::Sink> sink(const shipper::SinkFactory& factory) {
    auto made = factory(store.context("fenced"));
    EXPECT_TRUE(made);
    return std::move(made).value();
  }

  /// Hands over the events of the store from `next` on, and waits until they have arrived.
  Result<Sequence> ship(shipper::Sink& sink, Sequence next) {
    TALLY_TRY(auto cursor, store::Cursor::open(store.files(), store.directory(), next));
    while (true) {
      TALLY_TRY(const auto chunk, cursor.next());
      if (!chunk) break;
      TALLY_TRY(const bool took, sink.take(*chunk));
      EXPECT_TRUE(took);
    }
    TALLY_TRY(sink.flush());
    const auto deadline = SteadyClock::now() + kLongEnough;
    while (SteadyClock::now() < deadline) {
      TALLY_TRY(const auto state, sink.progress(milliseconds(500)));
      if (state) return state->next;
    }
    return Error{Errc::io, "does not arrive"};
  }

  KafkaBroker& broker = KafkaBroker::shared();
  SampleStore store;
};

TEST_F(KafkaFencing, SecondOfTheSameNameTakesOverAndTheFirstSaysWhoItIs) {
  store.add(100);
  const auto first = sink(plan_of(url()).factory);
  ASSERT_TRUE(first->begin({kFirstSequence, ""}));
  ASSERT_TRUE(ship(*first, kFirstSequence));
  const auto second = sink(plan_of(url()).factory);
  const Begun begun = second->begin({kFirstSequence, ""});
  ASSERT_TRUE(begun) << begun.error().context;
  EXPECT_EQ(begun.value().next, Sequence{101});
  store.add(100);
  const auto ended = ship(*first, Sequence{101});
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, Errc::held) << ended.error().context;
  EXPECT_THAT(ended.error().context,
              HasSubstr("another process ships as \"fenced\" of this store"));
  EXPECT_THAT(ended.error().context, HasSubstr("process " + std::to_string(getpid())));
  ASSERT_TRUE(ship(*second, Sequence{101}));
  expect_exactly_once(TopicReader(broker.bootstrap(), topic()).read_all(), 200);
}

TEST_F(KafkaFencing, TransactionThatLastedTooLongIsBegunAnew) {
  store.add(100);
  const auto plan = plan_of(url("&rdkafka.transaction.timeout.ms=2000"));
  auto first = sink(plan.factory);
  ASSERT_TRUE(first->begin({kFirstSequence, ""}));
  {
    auto cursor = store::Cursor::open(store.files(), store.directory(), kFirstSequence);
    ASSERT_TRUE(cursor);
    const auto chunk = cursor.value().next();
    ASSERT_TRUE(chunk && chunk.value());
    const auto took = first->take(*chunk.value());
    ASSERT_TRUE(took && took.value());
  }
  // The coordinator gives it up, and writes marks.
  const TopicReader reader(broker.bootstrap(), topic());
  wait_until([&] { return reader.written() > 100 && reader.readable() == reader.written(); });
  const auto ended = ship(*first, kFirstSequence);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, Errc::io) << ended.error().context;
  first.reset();
  auto again = sink(plan.factory);
  const Begun begun = again->begin({kFirstSequence, ""});
  ASSERT_TRUE(begun) << begun.error().context;
  EXPECT_EQ(begun.value().next, kFirstSequence);
  ASSERT_TRUE(ship(*again, kFirstSequence));
  expect_exactly_once(reader.read_all(), 100);
}

TEST_F(KafkaFencing, CursorBehindAnothersOpenTransactionIsWaitedFor) {
  store.add(100);
  const auto first = sink(plan_of(url()).factory);
  ASSERT_TRUE(first->begin({kFirstSequence, ""}));
  const OpenTransaction open(broker.bootstrap(), cursor_topic());
  ASSERT_TRUE(ship(*first, kFirstSequence));
  const auto second = sink(plan_of(url()).factory);
  const Begun begun = second->begin({kFirstSequence, ""});
  ASSERT_TRUE(begun) << begun.error().context;
  EXPECT_EQ(begun.value().next, Sequence{101});
}

}  // namespace
}  // namespace tally::tests
