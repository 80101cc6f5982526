#include "shipper/loki/loki_options.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace tally::shipper {
namespace {

constexpr std::string_view kStaticLabel = "label.";
constexpr std::string_view kPushPath = "/loki/api/v1/push";
constexpr std::uint64_t kMiB = 1024 * 1024;
constexpr std::size_t kLabelValueMax = 2048;

Error invalid(std::string text) { return {Errc::invalid, std::move(text)}; }

/// Of what a header or a path can have.
bool is_graph(char c) { return c > ' ' && c < 0x7f; }

bool is_label_name(std::string_view text) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto more = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  return !text.empty() && letter(text[0]) && std::ranges::all_of(text, more);
}

std::string own_host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  return name.data();
}

/// "label.NAME=VALUE"; an empty value takes the label away.
Result<StreamLabels> read_static_labels(const net::ServiceUrl& url,
                                        net::UrlParameters& parameters) {
  StreamLabels labels;
  const auto host = parameters.take("label.host");
  if (!host || !host->empty()) labels.emplace_back("host", host ? *host : own_host_name());
  for (const auto& [key, value] : url.parameters) {
    if (!key.starts_with(kStaticLabel) || key == "label.host") continue;
    parameters.take(key);
    const std::string name = key.substr(kStaticLabel.size());
    if (!is_label_name(name)) {
      return invalid("\"" + name + "\" is no label: use letters, digits and _, no digit first");
    }
    if (name == "service" || name == "operation" || name == "success") {
      return invalid(key + ": the events say that themselves");
    }
    if (value.size() > kLabelValueMax) return invalid(key + " is longer than 2048 bytes");
    if (!value.empty()) labels.emplace_back(name, value);
  }
  std::ranges::sort(labels);
  return labels;
}

Result<void> read_label_choice(net::UrlParameters& parameters, LokiMapping& mapping) {
  const auto list = parameters.take("labels");
  if (!list) return ok();
  mapping.service_label = mapping.operation_label = mapping.success_label = false;
  std::string_view rest = *list;
  while (!rest.empty()) {
    const std::string_view name = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    if (name == "service") {
      mapping.service_label = true;
    } else if (name == "operation") {
      mapping.operation_label = true;
    } else if (name == "success") {
      mapping.success_label = true;
    } else {
      return invalid("labels=" + *list + ": \"" + std::string(name) +
                     "\" is none of service, operation, success");
    }
  }
  return ok();
}

Result<LokiMapping> read_mapping(const net::ServiceUrl& url, net::UrlParameters& parameters) {
  LokiMapping mapping;
  TALLY_TRY(mapping.labels, read_static_labels(url, parameters));
  TALLY_TRY(read_label_choice(parameters, mapping));
  const bool any = mapping.service_label || mapping.operation_label || mapping.success_label;
  if (!any && mapping.labels.empty()) return invalid("Loki wants at least one label");
  TALLY_TRY(const std::size_t format, parameters.take_choice("format", {"protobuf", "json"}));
  mapping.format = format == 0 ? PushFormat::protobuf : PushFormat::json;
  TALLY_TRY(mapping.batch_bytes, parameters.take_number("batch_bytes", kMiB, 4096, 4 * kMiB));
  TALLY_TRY(mapping.max_line_bytes, parameters.take_number("max_line", kMiB / 4, 1024, 4 * kMiB));
  return mapping;
}

Result<LokiCredentials> read_credentials(net::UrlParameters& parameters) {
  LokiCredentials credentials;
  credentials.tenant = parameters.take("tenant").value_or("");
  credentials.user = parameters.take("user").value_or("");
  credentials.password_file = parameters.take("password_file").value_or("");
  credentials.token_file = parameters.take("token_file").value_or("");
  if (credentials.user.empty() != credentials.password_file.empty()) {
    return invalid("user and password_file belong together");
  }
  if (!credentials.user.empty() && !credentials.token_file.empty()) {
    return invalid("use either user and password_file, or token_file");
  }
  if (!std::ranges::all_of(credentials.tenant, is_graph)) {
    return invalid("tenant has characters that no header can have");
  }
  if (!std::ranges::all_of(credentials.user, is_graph) ||
      credentials.user.find(':') != std::string::npos) {
    return invalid("user has characters that no user name can have");
  }
  return credentials;
}

Result<net::Url> read_url(const net::ServiceUrl& url) {
  const bool tls = url.scheme == "loki+https";
  std::string path = url.path;
  if (!std::ranges::all_of(path, is_graph)) return invalid("the path has to be plain ASCII");
  while (path.ends_with('/')) path.pop_back();
  if (path.ends_with(kPushPath)) path.resize(path.size() - kPushPath.size());
  return net::Url::parse((tls ? "https://" : "http://") + url.place + path,
                         {.peer = "Loki", .http_port = "3100", .https_port = "443"});
}

}  // namespace

Result<LokiOptions> read_loki_options(const net::ServiceUrl& url, net::UrlParameters& parameters) {
  LokiOptions options;
  TALLY_TRY(options.url, read_url(url));
  TALLY_TRY(options.credentials, read_credentials(parameters));
  options.ca_file = parameters.take("ca").value_or("");
  if (!options.ca_file.empty() && !options.url.tls) return invalid("ca is for loki+https only");
  TALLY_TRY(options.mapping, read_mapping(url, parameters));
  TALLY_TRY(const std::size_t late, parameters.take_choice("late", {"restamp", "dead-letter"}));
  options.late = late == 0 ? LateEvents::restamp : LateEvents::dead_letter;
  TALLY_TRY(options.connections, parameters.take_number("connections", 4, 1, 64));
  constexpr std::uint64_t kMost = std::uint64_t{1} << 40;
  TALLY_TRY(options.memory_bytes, parameters.take_number("memory", 32 * kMiB, kMiB, kMost));
  TALLY_TRY(options.bytes_per_second, parameters.take_number("rate", 0, 0, kMost));
  TALLY_TRY(options.stream_bytes_per_second, parameters.take_number("stream_rate", 0, 0, kMost));
  TALLY_TRY(const std::uint64_t timeout, parameters.take_number("timeout_s", 30, 1, 600));
  options.answer_timeout = std::chrono::seconds(timeout);
  return options;
}

}  // namespace tally::shipper
