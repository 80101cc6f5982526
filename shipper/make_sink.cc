#include "shipper/make_sink.h"

#include <string>
#include <utility>

#include "shipper/file/file_sink.h"
#include "shipper/file/stdout_sink.h"
#include "shipper/kafka/kafka_sink.h"
#include "shipper/loki/loki_sink.h"
#include "shipper/sink_url.h"

namespace tally::shipper {
namespace {

Result<SinkFactory> factory_of(const net::ServiceUrl& url, net::UrlParameters& parameters) {
  if (url.scheme == "file") return file_sink_factory(url, parameters);
  if (url.scheme == "kafka") return kafka_sink_factory(url, parameters);
  if (url.scheme == "stdout") return stdout_sink_factory(url);
  if (url.scheme.starts_with("loki+")) return loki_sink_factory(url, parameters);
  return Error{Errc::unsupported, url.scheme + ": is not built yet"};
}

Result<SinkPlan> plan(std::string_view text) {
  TALLY_TRY(const net::ServiceUrl url, parse_sink_url(text));
  SinkPlan plan;
  TALLY_TRY(plan.options.name, sink_name(url));
  net::UrlParameters parameters(url);
  parameters.take("name");
  TALLY_TRY(const std::size_t start, parameters.take_choice("start", {"oldest", "now"}));
  plan.options.start = start == 0 ? Start::oldest : Start::now;
  TALLY_TRY(const auto linger, parameters.take_number("linger_ms", 200, 0, 60'000));
  plan.options.linger = std::chrono::milliseconds(linger);
  plan.options.has_dead_letters = url.scheme.starts_with("loki+");
  TALLY_TRY(plan.factory, factory_of(url, parameters));
  TALLY_TRY(parameters.finish());
  return plan;
}

}  // namespace

Result<SinkPlan> plan_sink(std::string_view url) {
  auto made = plan(url);
  if (made) return made;
  // Without the rest of it, where a password may stand.
  return Error{made.error().code,
               std::string(url.substr(0, url.find(':'))) + ": " + made.error().context};
}

}  // namespace tally::shipper
