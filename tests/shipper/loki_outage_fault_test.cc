#include <gtest/gtest.h>

#include <string>

#include "tests/shipper/loki_fault_run.h"
#include "tests/support/patience.h"

// Receivers that are away, and connections that end, or do not, in every odd way.

namespace tally::tests {
namespace {

using shipper::Fault;

class LokiOutage : public LokiFault {
 protected:
  /// Events come in before, during and after the fault.
  void ship_across(Fault fault, const std::string& name, const std::string& expected,
                   const std::string& parameters = "batch_bytes=65536&timeout_s=1") {
    begin(parameters);
    add();
    wait_for_arrivals();
    front.set(fault);
    add();
    const std::string said = wait_for_trouble(expected);
    front.set(Fault::none);
    add();
    finish(name, said);
  }
};

TEST_F(LokiOutage, DownWhileTheStoreRotatesSealsAndRetains) {
  begin();
  add_until_removed(0);
  front.go_down();
  std::string said;
  for (int stage = 0; stage < 3; ++stage) {
    add();
    said = wait_for_trouble("nobody listens");
  }
  // They are sealed, and kept, since they are waited for.
  wait_until([&] { return store.stats().seal.segments >= 2; });
  const std::uint64_t removed = store.stats().seal.retention.segments_removed;
  front.come_back();
  add_until_removed(removed);
  finish("down, while the store rotates, seals and retains", said);
}

/// Nobody reads meanwhile: what keeps the segments is the sink's cursor alone, and no reader's
/// lock.
TEST_F(LokiOutage, NotServedWhileTheStoreRotatesSealsAndRetains) {
  begin();
  add_until_removed(0);
  ship.reset();
  const store::SealStats before = store.stats().seal;
  // What has arrived may still go.
  const std::uint64_t removed_most =
      before.retention.segments_removed + before.segments + before.backlog_files + 1;
  const auto removed = [&] { return store.stats().seal.retention.segments_removed; };
  wait_until([&] {
    add();
    return store.stats().seal.segments >= 3 || removed() > removed_most;
  });
  EXPECT_LE(removed(), removed_most);
  ship = another_shipper();
  ship->start();
  add_until_removed(removed());
  finish("not served, while the store rotates, seals and retains", "nothing: it does not run");
}

TEST_F(LokiOutage, Flaps) {
  begin();
  std::string said;
  for (int flap = 0; flap < 3; ++flap) {
    add();
    front.go_down();
    add();
    said = wait_for_trouble("127.0.0.1");
    front.come_back();
  }
  finish("down and up again, three times", said);
}

TEST_F(LokiOutage, Slow) {
  begin("batch_bytes=65536&timeout_s=1");
  front.set(Fault::slow);
  add();
  finish("slow", ship->stats().trouble);
}

TEST_F(LokiOutage, HangsAfterAccept) {
  // Connections that it has already would not be affected.
  front.set(Fault::hang_unread);
  begin("batch_bytes=65536&timeout_s=1");
  add();
  const std::string said = wait_for_trouble("did not answer");
  front.set(Fault::none);
  add();
  finish("accepts, and does not read", said);
}

TEST_F(LokiOutage, HangsAfterReading) {
  ship_across(Fault::hang, "reads, and does not answer", "did not answer");
}

TEST_F(LokiOutage, ClosesBeforeReading) {
  ship_across(Fault::close_after_reading, "reads, and closes", "did not answer");
}

TEST_F(LokiOutage, ClosesAfterStoring) {
  ship_across(Fault::close_after_storing, "stores, and closes without an answer", "did not answer");
}

TEST_F(LokiOutage, HalfClosedConnection) {
  ship_across(Fault::half_closed, "half-closed connection", "did not answer");
}

TEST_F(LokiOutage, Garbage) { ship_across(Fault::garbage, "answers garbage", "did not answer"); }

TEST_F(LokiOutage, HalfAnAnswer) {
  ship_across(Fault::half_an_answer, "half an answer", "did not answer");
}

TEST_F(LokiOutage, EndlessHeader) {
  // Not only its timeout ends it.
  ship_across(Fault::endless_header, "an endless header", "did not answer",
              "batch_bytes=65536&timeout_s=600");
}

}  // namespace
}  // namespace tally::tests
