#pragma once

#include <string>

#include "model/result.h"

namespace tally::ingest {

/// What a code of librdkafka's means to who reads: as kafka::kafka_error(), with remedies that fit.
Error consume_error(int code, const std::string& what, const std::string& reason);

}  // namespace tally::ingest
