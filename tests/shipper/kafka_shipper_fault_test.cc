#include <gtest/gtest.h>
#include <poll.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "bench/child_process.h"
#include "tests/shipper/fault_table.h"
#include "tests/shipper/kafka_fault_run.h"
#include "tests/support/patience.h"

// Processes that ship, and are killed, or come twice.

namespace tally::tests {
namespace {

class KafkaShippers : public KafkaFault {
 protected:
  static std::vector<std::string> command(const store::Path& directory, const std::string& url) {
    return {TALLY_SHIP_ONCE, directory.string(), url};
  }

  /// In the middle of events, or at any other moment.
  void kill_somewhere(const TopicReader& reader) {
    constexpr std::uint64_t kMilliseconds = 1500;
    bench::ChildProcess process(command(store.directory(), url(broker)), {std::nullopt, log});
    if (below(2) == 0) {
      wait_for_somewhat_more(reader);
    } else {
      ::poll(nullptr, 0, static_cast<int>(below(kMilliseconds)));
    }
    process.send_signal(SIGKILL);
    process.wait();
  }

  std::string last_words() const {
    std::ifstream file(log);
    std::string words;
    for (std::string line; std::getline(file, line);) words = line;
    return words;
  }

  KafkaBroker& broker = KafkaBroker::shared();
  const std::filesystem::path log = store.directory() / "log";
};

TEST_F(KafkaShippers, KilledAtAnyMoment) {
  SCOPED_TRACE(seed_text());
  const std::uint64_t kills = few_or(20, 100);
  const TopicReader reader(broker.bootstrap(), topic());
  store.keep_for("kafka");
  for (std::uint64_t kill = 0; kill < kills; ++kill) {
    add();
    kill_somewhere(reader);
  }
  bench::ChildProcess process(command(store.directory(), url(broker)), {std::nullopt, log});
  EXPECT_EQ(process.wait(), 0);
  // Retention has removed what had arrived, and the store has rotated and sealed.
  EXPECT_GT(store.stats().seal.retention.segments_removed, 0U);
  count("the shipper is killed " + std::to_string(kills) +
            " times, while the store rotates, seals and retains" + seed_text(),
        reader.read_all(), "nothing: it is dead");
}

/// The store was copied, and the one that hangs in the middle of a transaction wakes up again.
TEST_F(KafkaShippers, SecondOneWhileTheFirstHangsInATransaction) {
  constexpr std::uint64_t kEvents = 20'000;
  const std::string whole = url(broker, "&create=3", 1000000);
  store.keep_for("kafka");
  store.add(kEvents);
  const TopicReader reader(broker.bootstrap(), topic());
  bench::ChildProcess first(command(store.directory(), whole), {std::nullopt, log});
  wait_until([&] { return reader.written() > 0; });
  first.send_signal(SIGSTOP);
  EXPECT_LT(reader.readable(), reader.written()) << "its transaction is open";
  const TemporaryDirectory elsewhere;
  std::filesystem::copy(store.directory(), elsewhere.path() / "store",
                        std::filesystem::copy_options::recursive);
  bench::ChildProcess second(command(elsewhere.path() / "store", whole),
                             {std::nullopt, elsewhere.path() / "log"});
  EXPECT_EQ(second.wait(), 0);
  first.send_signal(SIGCONT);
  EXPECT_EQ(first.wait(), 1);
  const std::string said = last_words();
  EXPECT_NE(said.find("another process ships as \"kafka\" of this store"), said.npos) << said;
  count("a second shipper of the same name, while the first hangs in an open transaction",
        reader.read_all(), "the first: " + said);
}

}  // namespace
}  // namespace tally::tests
