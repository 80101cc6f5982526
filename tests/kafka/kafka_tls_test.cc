#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/kafka/tls_shipping.h"
#include "tests/support/patience.h"
#include "tests/support/store_harness.h"

// Sinks and sources at a broker that wants TLS, and a password or a certificate.

namespace tally::tests {
namespace {

using testing::HasSubstr;

TEST_F(KafkaTls, SinksShipWithoutTransactionsToo) {
  const auto password = password_file("password", TlsBroker::kPassword);
  expect_that_it_ships(
      url(tls.guarded(), tls.trust() + TlsBroker::user(password) + "&mode=idempotent"));
}

TEST_F(KafkaTls, SinksShipWithACertificate) {
  expect_that_it_ships(url(tls.mutual(), tls.trust() + tls.client()));
}

TEST_F(KafkaTls, SinksShipAndSourcesReadWithAPassword) {
  const auto password = password_file("password", TlsBroker::kPassword);
  const std::string access = tls.trust() + TlsBroker::user(password);
  expect_that_it_ships(url(tls.guarded(), access));
  const auto collector =
      consume("central", "kafka://" + tls.guarded() + "/" + topic() + "?group=tls" + access);
  wait_until(
      [&] { return figure(*collector, "events_total", tls.guarded() + "/" + topic()) == 10; });
  EXPECT_EQ(collector->stop(), 0);
  store::PosixFileSystem files;
  const auto contents = read_store(files, directory() / "central");
  ASSERT_TRUE(contents) << contents.error().context;
  ASSERT_EQ(contents.value().lines.size(), 10u);
  for (std::uint64_t i = 1; i <= 10; ++i) {
    EXPECT_EQ(contents.value().lines[i - 1], SampleStore::line(i));
  }
}

TEST_F(KafkaTls, FilesThatOthersMayReadAreRefused) {
  const auto password = password_file("password", TlsBroker::kPassword);
  std::filesystem::permissions(password, std::filesystem::perms(0604));
  SampleStore store;
  const Error error = store.refusal(url(tls.guarded(), tls.trust() + TlsBroker::user(password)));
  EXPECT_EQ(error.code, Errc::invalid);
  EXPECT_THAT(error.context, HasSubstr("chmod o= " + password.string()));
}

TEST_F(KafkaTls, FilesThatAreNotThereAreNamed) {
  const auto password = password_file("password", TlsBroker::kPassword);
  SampleStore store;
  const std::string user = TlsBroker::user(password);
  const Error no_password = store.refusal(url(tls.guarded(), TlsBroker::user("/no/password")));
  EXPECT_EQ(no_password.code, Errc::invalid);
  EXPECT_THAT(no_password.context, HasSubstr("/no/password"));
  const Error no_ca =
      store.refusal(url(tls.guarded(), user + "&rdkafka.ssl.ca.location=/no/certificate"));
  EXPECT_EQ(no_ca.code, Errc::invalid);
  EXPECT_THAT(no_ca.context, HasSubstr("ssl.ca.location"));
}

}  // namespace
}  // namespace tally::tests
