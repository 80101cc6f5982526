#include "shipper/make_census.h"

#include "shipper/kafka/kafka_census.h"
#include "shipper/loki/loki_census.h"
#include "shipper/make_sink.h"
#include "shipper/sink_url.h"

namespace tally::shipper {

Result<CensusPlan> plan_census(std::string_view text) {
  // Whatever is wrong with the URL is said here.
  TALLY_TRY(const SinkPlan sink, plan_sink(text));
  TALLY_TRY(const net::ServiceUrl url, parse_sink_url(text));
  net::UrlParameters parameters(url);
  CensusPlan plan{sink.options.name, {}};
  if (url.scheme == "kafka") {
    TALLY_TRY(const KafkaSettings settings, read_kafka_settings(url, parameters));
    plan.ask = [settings](SinkCensus& census, CensusObserver& observer) {
      return ask_kafka(settings, census, observer);
    };
  } else if (url.scheme.starts_with("loki+")) {
    TALLY_TRY(const LokiOptions options, read_loki_options(url, parameters));
    plan.ask = [options](SinkCensus& census, CensusObserver& observer) {
      return ask_loki(options, census, observer);
    };
  } else {
    return Error{Errc::unsupported, "a sink to " + url.scheme +
                                        ": has no sequences to ask for: count its lines instead"};
  }
  return plan;
}

}  // namespace tally::shipper
