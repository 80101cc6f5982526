#include "kafka/topic_settings.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "kafka/property_file.h"

namespace tally::kafka {
namespace {

constexpr std::string_view kPrefix = "rdkafka.";
constexpr std::string_view kFileSuffix = "_file";

/// What exactly once (or at least once) hangs on.
constexpr std::array<std::string_view, 17> kOwn = {"acks",
                                                   "allow.auto.create.topics",
                                                   "auto.offset.reset",
                                                   "bootstrap.servers",
                                                   "dr_msg_cb",
                                                   "enable.auto.commit",
                                                   "enable.auto.offset.store",
                                                   "enable.idempotence",
                                                   "enable.partition.eof",
                                                   "group.id",
                                                   "isolation.level",
                                                   "metadata.broker.list",
                                                   "queue.buffering.max.kbytes",
                                                   "queue.buffering.max.messages",
                                                   "queued.max.messages.kbytes",
                                                   "request.required.acks",
                                                   "transactional.id"};

constexpr std::array<std::string_view, 6> kSecrets = {"sasl.password",
                                                      "sasl.oauthbearer.client.secret",
                                                      "sasl.oauthbearer.config",
                                                      "ssl.key.password",
                                                      "ssl.key.pem",
                                                      "ssl.keystore.password"};

Error invalid(std::string text) { return {Errc::invalid, std::move(text)}; }

bool is_one_of(const auto& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool is_topic(std::string_view name, std::size_t name_max) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= name_max && std::ranges::all_of(name, plain) &&
         name != "." && name != "..";
}

Result<void> add_property(TopicSettings& settings, std::string name, std::string value) {
  const bool in_file = name.ends_with(kFileSuffix);
  if (in_file) name.resize(name.size() - kFileSuffix.size());
  if (is_one_of(kOwn, name)) {
    return invalid(std::string(kPrefix) + name + " is not to be changed: Tally sets " + name +
                   " itself");
  }
  if (!in_file && is_one_of(kSecrets, name)) {
    return invalid(
        "a secret must not stand in a URL: put it into a file that only its owner may "
        "read, and write " +
        std::string(kPrefix) + name + "_file=PATH");
  }
  KafkaProperties& properties = in_file ? settings.property_files : settings.properties;
  properties.insert_or_assign(std::move(name), std::move(value));
  return ok();
}

}  // namespace

Result<TopicSettings> read_topic_settings(const net::ServiceUrl& url,
                                          net::UrlParameters& parameters, std::size_t name_max) {
  TopicSettings settings;
  settings.brokers = url.place;
  if (settings.brokers.empty() || url.path.size() < 2) {
    return invalid("write kafka://HOST:PORT[,HOST:PORT]/TOPIC");
  }
  settings.topic = url.path.substr(1);
  if (!is_topic(settings.topic, name_max)) {
    return invalid("\"" + settings.topic + "\" is no topic's name: it has 1 to " +
                   std::to_string(name_max) + " letters, digits, '.', '_' and '-'");
  }
  for (auto& [name, value] : parameters.take_prefixed(kPrefix)) {
    TALLY_TRY(add_property(settings, name, std::move(value)));
  }
  return settings;
}

Result<KafkaProperties> all_properties(const TopicSettings& settings) {
  KafkaProperties properties = settings.properties;
  for (const auto& [name, path] : settings.property_files) {
    TALLY_TRY(auto value, read_property_file(path));
    properties.insert_or_assign(name, std::move(value));
  }
  return properties;
}

}  // namespace tally::kafka
