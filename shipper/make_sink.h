#pragma once

#include <string_view>

#include "model/result.h"
#include "shipper/shipper.h"

namespace tally::shipper {

/// How a URL is shipped to.
struct SinkPlan {
  ShipperOptions options;
  SinkFactory factory;
};

/// Reads what --ship or --to says. Errc::invalid says what is wrong with it; whether anybody is
/// there turns out when the sink is made.
Result<SinkPlan> plan_sink(std::string_view url);

}  // namespace tally::shipper
