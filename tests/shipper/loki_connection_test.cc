#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/shipper/faulty_front.h"
#include "tests/shipper/loki_receiver.h"
#include "tests/shipper/loki_sink_harness.h"
#include "tests/shipper/test_certificate.h"

namespace tally::shipper {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Key;
using testing::Not;
using testing::Pair;
using testing::SizeIs;

const UtcTime kTime{std::chrono::seconds{1769205309}};

std::vector<std::string> some_events() {
  return {event_of("a", kTime, 1), event_of("b", kTime, 2), event_of("a", kTime, 3)};
}

/// A file with a secret, as only its owner may read it.
class SecretFile {
 public:
  explicit SecretFile(const std::string& secret, mode_t mode = 0600) {
    write(secret);
    ::chmod(path().c_str(), mode);
  }

  void write(const std::string& secret) { std::ofstream(path()) << secret << '\n'; }
  std::string path() const { return directory_.path() / "secret"; }

 private:
  tests::TemporaryDirectory directory_;
};

TEST(LokiConnection, SurvivesWhatNoServerWouldDo) {
  for (const Fault fault :
       {Fault::close_before_reading, Fault::close_after_reading, Fault::garbage}) {
    LokiReceiver receiver;
    FaultyFront front(receiver.address());
    front.set(fault);
    LokiSinkHarness harness(front.address());
    harness.give(some_events());
    ASSERT_TRUE(harness.sink().flush());
    harness.wait_for_stats([](const SinkStats& stats) { return stats.retries >= 1; });
    EXPECT_THAT(harness.sink().stats().trouble, HasSubstr("Loki at 127.0.0.1"));
    front.set(Fault::none);
    EXPECT_EQ(harness.arrive(), "");
    EXPECT_THAT(receiver.sequences(), SizeIs(3));
    EXPECT_THAT(receiver.bodies(), SizeIs(1));
  }
}

TEST(LokiConnection, WhatWasStoredWithoutAnAnswerStaysOnce) {
  LokiReceiver receiver;
  FaultyFront front(receiver.address());
  front.set(Fault::close_after_storing);
  LokiSinkHarness harness(front.address());
  harness.give(some_events());
  ASSERT_TRUE(harness.sink().flush());
  harness.wait_for_stats([](const SinkStats& stats) { return stats.retries >= 1; });
  EXPECT_THAT(receiver.sequences(), SizeIs(3));
  front.set(Fault::none);
  EXPECT_EQ(harness.arrive(), "");
  EXPECT_GE(receiver.bodies().size(), 2U);
  EXPECT_THAT(receiver.sequences(), Each(Pair(testing::_, 1U)));
  EXPECT_THAT(receiver.sequences(), SizeIs(3));
}

TEST(LokiConnection, TriesAgainAfterItsTimeout) {
  LokiReceiver receiver;
  FaultyFront front(receiver.address());
  front.set(Fault::hang);
  LokiSinkHarness harness(front.address(), "timeout_s=1");
  harness.give(some_events());
  ASSERT_TRUE(harness.sink().flush());
  harness.wait_for_stats([](const SinkStats& stats) { return stats.retries >= 1; });
  front.set(Fault::none);
  EXPECT_EQ(harness.arrive(), "");
  EXPECT_THAT(receiver.sequences(), SizeIs(3));
}

TEST(LokiConnection, StopDoesNotWaitForWhoHangs) {
  // With a timeout longer than any test may take.
  LokiReceiver receiver;
  FaultyFront front(receiver.address());
  front.set(Fault::hang);
  LokiSinkHarness harness(front.address(), "timeout_s=600");
  harness.give(some_events());
  ASSERT_TRUE(harness.sink().flush());
  while (front.headers().empty()) std::this_thread::yield();
  harness.end();
}

TEST(LokiConnection, SaysThatNobodyListens) {
  std::string address;
  {
    LokiReceiver gone;
    address = gone.address();
  }
  LokiSinkHarness harness(address);
  harness.give(some_events());
  ASSERT_TRUE(harness.sink().flush());
  harness.wait_for_stats([](const SinkStats& stats) { return stats.retries >= 1; });
  EXPECT_THAT(harness.sink().stats().trouble,
              AllOf(HasSubstr("nobody listens at " + address), Not(HasSubstr("collector"))));
}

TEST(LokiConnection, SaysWhoItIs) {
  LokiReceiver receiver;
  FaultyFront front(receiver.address());
  const SecretFile password("pass:word");
  LokiSinkHarness harness(front.address(),
                          "tenant=team-7&user=me&password_file=" + password.path());
  harness.give(some_events());
  EXPECT_EQ(harness.arrive(), "");
  ASSERT_THAT(front.headers(), SizeIs(1));
  EXPECT_THAT(front.headers()[0], Contains(Pair("X-Scope-OrgID", "team-7")));
  EXPECT_THAT(front.headers()[0], Contains(Pair("Authorization", "Basic bWU6cGFzczp3b3Jk")));
  EXPECT_THAT(front.headers()[0], Contains(Pair("Content-Type", "application/x-protobuf")));
}

TEST(LokiConnection, ReadsItsTokenForEveryConnection) {
  LokiReceiver receiver;
  FaultyFront front(receiver.address());
  SecretFile token("old");
  LokiSinkHarness harness(front.address(), "token_file=" + token.path());
  front.set(Fault::close_after_reading);
  harness.give(some_events());
  ASSERT_TRUE(harness.sink().flush());
  while (front.headers().empty()) std::this_thread::yield();
  token.write("new");
  front.set(Fault::none);
  EXPECT_EQ(harness.arrive(), "");
  EXPECT_THAT(front.headers().front(), Contains(Pair("Authorization", "Bearer old")));
  EXPECT_THAT(front.headers().back(), Contains(Pair("Authorization", "Bearer new")));
}

TEST(LokiConnection, RefusesSecretsThatOthersCanRead) {
  const SecretFile token("hush", 0640);
  const LokiSinkHarness harness("127.0.0.1:1", "token_file=" + token.path());
  EXPECT_THAT(harness.refusal(),
              AllOf(HasSubstr("chmod 600 " + token.path()), Not(HasSubstr("hush"))));
  const SecretFile two_lines("hush\nmore");
  const LokiSinkHarness other("127.0.0.1:1", "token_file=" + two_lines.path());
  EXPECT_THAT(other.refusal(), AllOf(HasSubstr("one line"), Not(HasSubstr("hush"))));
}

TEST(LokiConnection, TlsGoesToWhoHasTheName) {
  LokiReceiver receiver;
  const TestCertificate certificate("IP:127.0.0.1");
  FaultyFront front(receiver.address(), certificate.certificate(), certificate.key());
  LokiSinkHarness harness(LokiSinkHarness::Whole{"loki+https://" + front.address() +
                                                 "?ca=" + certificate.certificate()});
  harness.give(some_events());
  EXPECT_EQ(harness.arrive(), "");
  EXPECT_THAT(receiver.sequences(), SizeIs(3));
}

TEST(LokiConnection, TlsStopsWhileItHangs) {
  LokiReceiver receiver;
  const TestCertificate certificate("IP:127.0.0.1");
  FaultyFront front(receiver.address(), certificate.certificate(), certificate.key());
  front.set(Fault::hang);
  LokiSinkHarness harness(LokiSinkHarness::Whole{"loki+https://" + front.address() +
                                                 "?timeout_s=600&ca=" + certificate.certificate()});
  harness.give(some_events());
  ASSERT_TRUE(harness.sink().flush());
  while (front.headers().empty()) std::this_thread::yield();
  harness.end();
}

/// Why no TLS comes about; nothing may have been sent.
std::string tls_trouble(const TestCertificate& of_server, const std::string& parameters) {
  LokiReceiver receiver;
  FaultyFront front(receiver.address(), of_server.certificate(), of_server.key());
  const SecretFile token("hush");
  LokiSinkHarness harness(LokiSinkHarness::Whole{"loki+https://" + front.address() +
                                                 "?token_file=" + token.path() + parameters});
  harness.give(some_events());
  EXPECT_TRUE(harness.sink().flush());
  harness.wait_for_stats([](const SinkStats& stats) { return stats.retries >= 1; });
  EXPECT_THAT(front.headers(), SizeIs(0));
  EXPECT_THAT(receiver.bodies(), SizeIs(0));
  return harness.sink().stats().trouble;
}

TEST(LokiConnection, TlsTrustsNobodyElse) {
  const TestCertificate right_name("IP:127.0.0.1");
  const TestCertificate other_name("DNS:loki.test");
  const TestCertificate other_authority("IP:127.0.0.1");
  EXPECT_THAT(tls_trouble(right_name, ""), HasSubstr("certificate is not accepted"))
      << "the system does not know it";
  EXPECT_THAT(tls_trouble(right_name, "&ca=" + other_authority.certificate()),
              HasSubstr("certificate is not accepted"));
  EXPECT_THAT(tls_trouble(other_name, "&ca=" + other_name.certificate()),
              HasSubstr("its certificate is for another host"));
}

TEST(LokiConnection, TlsNeedsACaThatCanBeRead) {
  const LokiSinkHarness missing(LokiSinkHarness::Whole{"loki+https://127.0.0.1:1?ca=/nowhere"});
  EXPECT_THAT(missing.refusal(), HasSubstr("cannot read /nowhere"));
  const SecretFile no_certificate("hush");
  EXPECT_THAT(tls_trouble(TestCertificate("IP:127.0.0.1"), "&ca=" + no_certificate.path()),
              HasSubstr(no_certificate.path() + " cannot be used"));
}

}  // namespace
}  // namespace tally::shipper
