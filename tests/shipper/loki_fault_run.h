#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>

#include "shipper/shipper.h"
#include "tests/shipper/faulty_front.h"
#include "tests/shipper/loki_receiver.h"
#include "tests/shipper/sample_store.h"

namespace tally::tests {

/// A restless store that is shipped to a receiver with Loki's rules, behind a front that can do
/// what no server should. The shipper is begun before there are events, since retention keeps
/// nothing for one that is not there.
class LokiFault : public testing::Test {
 protected:
  explicit LokiFault(const shipper::LokiRules& rules = {}) : receiver(rules) {}

  /// Of the sink "loki", to the front, with these parameters.
  std::string url(const std::string& parameters = "batch_bytes=65536") const;

  /// Ships to the front from now on, with these parameters of the URL besides.
  void begin(const std::string& parameters = "batch_bytes=65536");
  std::unique_ptr<shipper::Shipper> another_shipper(
      const std::string& parameters = "batch_bytes=65536");

  /// So many more events; else as many as a case has at each of its stages.
  void add(std::uint64_t count);
  void add();

  void wait_for_arrivals();

  /// What the sink says of its trouble, as soon as this is part of it.
  std::string wait_for_trouble(const std::string& part);

  /// Until retention has removed more than so many segments: it looks when one is sealed.
  void add_until_removed(std::uint64_t segments);

  /// Until it has stopped for somebody to mend something; why.
  std::string wait_for_stop();
  void resume();

  /// Ships the rest, counts at the receiver, fails the test for any event that is lost, or stored
  /// twice, and puts down the row.
  void finish(const std::string& fault, const std::string& said);

  shipper::LokiReceiver receiver;
  shipper::FaultyFront front{receiver.address()};
  SampleStore store{SampleStore::Life::restless};
  std::unique_ptr<shipper::Shipper> ship;
};

}  // namespace tally::tests
