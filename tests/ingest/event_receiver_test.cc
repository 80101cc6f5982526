#include "ingest/event_receiver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "ingest/post_answer.h"
#include "net/http_server.h"
#include "tests/net/raw_peer.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/store_harness.h"

namespace tally::ingest {
namespace {

using net::RawPeer;
using net::status_of;
using testing::HasSubstr;
using tests::Fault;
using tests::FaultKind;
using tests::Operation;
using tests::OperationKind;

class ReceivingHandler final : public net::Handler {
 public:
  ReceivingHandler(net::IoThread& thread, store::Store& store, const Clock& clock)
      : receiver_(thread, store, clock) {}
  void handle(const net::Request& request, net::Reply reply) override {
    receiver_.handle(request, std::move(reply));
  }

 private:
  EventReceiver receiver_;
};

class EventReceiverTest : public testing::Test {
 protected:
  void start(std::size_t threads = 1, std::size_t queue_bytes_max = 64 * 1024 * 1024) {
    store::StoreOptions options;
    options.directory = "store";
    options.file_bytes = 1024 * 1024;
    options.queue_bytes_max = queue_bytes_max;
    store_ = store::Store::open(files_, clock_, options).value();
    net::HttpServerOptions server;
    server.address = "127.0.0.1:0";
    server.threads = threads;
    server_ = net::HttpServer::start(server, [this](net::IoThread& thread) {
                return std::make_unique<ReceivingHandler>(thread, *store_, clock_);
              }).value();
  }

  void TearDown() override {
    if (server_) server_->stop();
    if (store_) store_->close();
  }

  RawPeer connect() { return RawPeer(server_->address()); }

  /// The whole answer to one post.
  std::string post(std::string_view body, std::string_view fields = "") {
    RawPeer peer = connect();
    peer.send(request(body, fields));
    return peer.read_answer();
  }

  static std::string request(std::string_view body, std::string_view fields = "") {
    return "POST /v1/events HTTP/1.1\r\nHost: localhost\r\n" + std::string(fields) +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
  }

  tests::StoreContents stored() { return tests::read_store(files_, "store").value(); }

  tests::FaultFileSystem files_;
  tests::ManualClock clock_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<net::HttpServer> server_;
};

std::string body_text(const std::string& answer) { return std::string(net::body_of(answer)); }

TEST_F(EventReceiverTest, OneEventIsStoredVerbatimWithItsProvenance) {
  start();
  const std::string answer = post(tests::event_line(7));
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_EQ(body_text(answer), "{\"accepted\":1,\"first_seq\":1,\"last_seq\":1,\"rejected\":[]}\n");
  const tests::StoreContents contents = stored();
  EXPECT_EQ(contents.lines, std::vector{tests::event_line(7)});
  ASSERT_EQ(contents.runs.size(), 1U);
  EXPECT_EQ(contents.runs[0].kind, SourceKind::http);
  EXPECT_EQ(contents.runs[0].source, "127.0.0.1");
  EXPECT_EQ(contents.runs[0].received, clock_.time);
}

TEST_F(EventReceiverTest, ObjectArrayAndLinesWithAndWithoutTheirType) {
  start();
  const std::string one = tests::event_line(1);
  const std::string two = tests::event_line(2);
  const std::string json = "Content-Type: application/json\r\n";
  EXPECT_EQ(status_of(post(one, json)), 200);
  EXPECT_EQ(status_of(post("[" + one + "," + two + "]", json)), 200);
  EXPECT_EQ(status_of(post(one + "\n" + two + "\n", "Content-Type: application/x-ndjson\r\n")),
            200);
  EXPECT_EQ(
      status_of(post(one + "\n" + two, "Content-Type: application/x-www-form-urlencoded\r\n")),
      200);
  EXPECT_EQ(stored().lines, (std::vector{one, one, two, one, two, one, two}));
}

TEST_F(EventReceiverTest, OneBadLineNeverCostsItsNeighboursTheirs) {
  start();
  const std::string answer =
      post(tests::event_line(1) + "\n{\"bad\":1}\n" + tests::event_line(2) + "\n");
  EXPECT_EQ(status_of(answer), 200);
  const PostAnswer read = read_post_answer(body_text(answer)).value();
  EXPECT_EQ(read.accepted, 2U);
  ASSERT_EQ(read.rejected.size(), 1U);
  EXPECT_EQ(read.rejected[0].line, 2U);
  EXPECT_EQ(read.rejected_total, 1U);
  const tests::StoreContents contents = stored();
  EXPECT_EQ(contents.lines.size(), 2U);
  ASSERT_EQ(contents.refused.size(), 1U);
  EXPECT_EQ(contents.refused[0].bytes, "{\"bad\":1}");
}

TEST_F(EventReceiverTest, AllRefusedIs400AndStillKept) {
  start();
  const std::string answer = post("{}\n[]\n", "Content-Type: application/x-ndjson\r\n");
  EXPECT_EQ(status_of(answer), 400);
  EXPECT_THAT(body_text(answer), HasSubstr("\"accepted\":0,\"first_seq\":null"));
  EXPECT_THAT(body_text(answer), HasSubstr("\"rejected_total\":2"));
  EXPECT_EQ(stored().refused.size(), 2U);
}

TEST_F(EventReceiverTest, BodyWithoutAnyEventIs400) {
  start();
  for (const char* body : {"", "\n\n", "  \r\n"}) {
    const std::string answer = post(body);
    EXPECT_EQ(status_of(answer), 400);
    EXPECT_EQ(body_text(answer), "{\"error\":\"the body holds no event\"}\n");
  }
}

TEST_F(EventReceiverTest, WhatIsNotUnderstoodIs415) {
  start();
  EXPECT_EQ(status_of(post(tests::event_line(1), "Content-Encoding: gzip\r\n")), 415);
  EXPECT_EQ(status_of(post(tests::event_line(1), "Content-Encoding: identity\r\n")), 200);
  EXPECT_EQ(status_of(post(tests::event_line(1), "Content-Type: text/xml\r\n")), 415);
  EXPECT_EQ(stored().lines.size(), 1U);
}

TEST_F(EventReceiverTest, PipelinedPostsGetTheirOwnSequencesInOrder) {
  start();
  RawPeer peer = connect();
  std::string requests;
  std::vector<std::string> lines;
  for (std::uint64_t i = 0; i < 500; ++i) {
    lines.push_back(tests::event_line(i));
    requests += request(i % 5 == 0 ? "{}" : lines.back());
    if (i % 5 == 0) lines.pop_back();
  }
  peer.send(requests);
  std::uint64_t sequence = 0;
  for (std::uint64_t i = 0; i < 500; ++i) {
    const std::string answer = peer.read_answer();
    if (i % 5 == 0) {
      ASSERT_EQ(status_of(answer), 400);
      continue;
    }
    const PostAnswer read = read_post_answer(body_text(answer)).value();
    ASSERT_EQ(read.accepted, 1U);
    ASSERT_EQ(to_number(read.first), ++sequence);
  }
  EXPECT_EQ(stored().lines, lines);
}

TEST_F(EventReceiverTest, RequestsThatComeTogetherShareACommit) {
  start();
  RawPeer peer = connect();
  std::string requests;
  for (std::uint64_t i = 0; i < 64; ++i) requests += request(tests::event_line(i));
  peer.send(requests);
  for (int i = 0; i < 64; ++i) ASSERT_EQ(status_of(peer.read_answer()), 200);
  // The pieces of a send may arrive apart, but not in 64 parts.
  EXPECT_LT(store_->stats().commits, 10U);
}

TEST_F(EventReceiverTest, LargeBodiesOfManyConnectionsAreAllThere) {
  start(2);
  std::vector<RawPeer> peers;
  std::size_t events = 0;
  for (std::uint64_t c = 0; c < 6; ++c) {
    std::string body;
    for (std::uint64_t i = 0; body.size() < 2'500'000 + c * 1000; ++i, ++events) {
      body += tests::event_line(c * 1'000'000 + i) + "\n";
    }
    peers.push_back(connect());
    peers.back().send(request(body));
  }
  std::uint64_t accepted = 0;
  for (RawPeer& peer : peers) {
    const std::string answer = peer.read_answer();
    EXPECT_EQ(status_of(answer), 200);
    const PostAnswer read = read_post_answer(body_text(answer)).value();
    accepted += read.accepted;
    EXPECT_EQ(to_number(read.last) - to_number(read.first) + 1, read.accepted);
  }
  EXPECT_EQ(accepted, events);
  EXPECT_EQ(stored().lines.size(), events);
}

TEST_F(EventReceiverTest, TimeOfReceiptIsTakenAnewWhenItHasMoved) {
  start();
  post(tests::event_line(1));
  clock_.time += std::chrono::seconds(1);
  post(tests::event_line(2));
  const tests::StoreContents contents = stored();
  ASSERT_EQ(contents.runs.size(), 2U);
  EXPECT_EQ(contents.runs[1].received - contents.runs[0].received, std::chrono::seconds(1));
}

TEST_F(EventReceiverTest, FullQueueIs503WithRetryAfterAndNothingTaken) {
  start(1, 100);
  const std::string answer = post(tests::event_line(1));
  EXPECT_EQ(status_of(answer), 503);
  EXPECT_TRUE(net::has_field(answer, "Retry-After: 1"));
  EXPECT_THAT(body_text(answer), testing::StartsWith("{\"error\":"));
  EXPECT_TRUE(stored().lines.empty());
}

TEST_F(EventReceiverTest, FailedSyncIs503AndTheNextPostGoesThrough) {
  start();
  ASSERT_EQ(status_of(post(tests::event_line(1))), 200);
  const auto is_sync_of_journal = [](const Operation& operation) {
    return operation.kind == OperationKind::sync_data &&
           operation.path.string().find("journal") != std::string::npos;
  };
  files_.set_fault(Fault{.kind = FaultKind::io, .at = 1, .among = is_sync_of_journal});
  const std::string answer = post(tests::event_line(2));
  EXPECT_EQ(status_of(answer), 503);
  EXPECT_TRUE(net::has_field(answer, "Retry-After: 5"));
  files_.set_fault(std::nullopt);
  EXPECT_EQ(status_of(post(tests::event_line(3))), 200);
  EXPECT_EQ(stored().lines, (std::vector{tests::event_line(1), tests::event_line(3)}));
}

TEST_F(EventReceiverTest, WhatNobodyCanKnowClosesTheConnectionUnanswered) {
  start();
  ASSERT_EQ(status_of(post(tests::event_line(1))), 200);
  const auto is_sync = [](const Operation& operation) {
    return operation.kind == OperationKind::sync_data ||
           operation.kind == OperationKind::sync_directory;
  };
  files_.set_fault(Fault{.kind = FaultKind::io, .at = 1, .lasting = true, .among = is_sync});
  RawPeer peer = connect();
  peer.send(request(tests::event_line(2)));
  EXPECT_EQ(peer.read_to_end(), "");
}

TEST_F(EventReceiverTest, ShutdownAnswersWhatWasTaken) {
  start();
  RawPeer peer = connect();
  peer.send(request(tests::event_line(1)));
  const std::string answer = peer.read_answer();
  EXPECT_EQ(status_of(answer), 200);
  server_->stop();
  store_->close();
  EXPECT_EQ(stored().lines.size(), 1U);
}

}  // namespace
}  // namespace tally::ingest
