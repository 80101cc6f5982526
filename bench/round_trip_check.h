#pragma once

#include <vector>

#include "bench/bench_options.h"
#include "bench/http_load.h"
#include "bench/store_check.h"

namespace tally::bench {

/// Whether a collector's answer says that each event of the request was accepted. The events of a
/// round are spread evenly over its requests.
bool is_accepted(const LoadRound& round, const HttpAnswer& answer);

/// Posts every round once to a collector of its own, over `connections`, and compares what is then
/// stored with what was sent, byte for byte, at the sequences that were answered. `bodies`: what
/// the requests carry, in the order of the rounds. Ends the program at the first difference.
void check_round_trip(const BenchOptions& options, std::size_t connections,
                      const std::vector<LoadRound>& rounds, const std::vector<PostedBody>& bodies);

}  // namespace tally::bench
