#include "kafka/kafka_client.h"

#include <librdkafka/rdkafka.h>
#include <spdlog/spdlog.h>

#include <array>
#include <bit>
#include <string_view>
#include <utility>

#include "kafka/kafka_error.h"
#include "kafka/scram_caveat.h"
#include "net/certificate_complaint.h"

namespace tally::kafka {
namespace {

/// A broker that is just starting may refuse, too.
constexpr std::chrono::seconds kRefusalLasts{15};
constexpr std::chrono::milliseconds kBetweenTries{100};
/// Where nothing else was said: brokers close the connections of who does not speak what their
/// listener wants.
const std::string kClosedRemedy =
    ": they close the connection; if that lasts, see to the property rdkafka.security.protocol";
const std::string kClientRemedy =
    ": the broker wants a client's certificate that it knows: see to the properties "
    "rdkafka.ssl.certificate.location and rdkafka.ssl.key.…";

struct FreeConfiguration {
  void operator()(rd_kafka_conf_t* configuration) const noexcept {
    rd_kafka_conf_destroy(configuration);
  }
};
using Configuration = std::unique_ptr<rd_kafka_conf_t, FreeConfiguration>;

/// Of a value that came from a file nothing is repeated.
Result<void> set(rd_kafka_conf_t* configuration, const std::string& name, const std::string& value,
                 bool secret) {
  std::array<char, 512> reason{};
  const auto set =
      rd_kafka_conf_set(configuration, name.c_str(), value.c_str(), reason.data(), reason.size());
  if (set == RD_KAFKA_CONF_OK) return ok();
  const std::string why = secret ? "its value is not taken" : reason.data();
  return Error{Errc::invalid, "rdkafka." + name + ": " + why};
}

KafkaProperties defaults(KafkaClient::Kind kind, const TopicSettings& settings) {
  KafkaProperties properties = {{"client.id", "tally"},
                                {"log.connection.close", "false"},
                                {"socket.keepalive.enable", "true"}};
  // A broker that has fallen silent is given up before records are. Where the time of transactions
  // is set, librdkafka chooses a shorter one itself, but takes no longer one.
  if (!settings.properties.contains("transaction.timeout.ms")) {
    properties.emplace("socket.timeout.ms", "20000");
  }
  if (kind == KafkaClient::Kind::producer) {
    // Kafka's own clients place a key as murmur2 does.
    properties.insert({{"compression.codec", "zstd"},
                       {"linger.ms", "50"},
                       {"partitioner", "murmur2_random"},
                       {"statistics.interval.ms", "5000"}});
  }
  properties.insert(
      {{"bootstrap.servers", settings.brokers}, {"allow.auto.create.topics", "false"}});
  return properties;
}

Result<Configuration> configure(KafkaClient::Kind kind, const TopicSettings& settings,
                                const KafkaProperties& own) {
  TALLY_TRY(KafkaProperties given, all_properties(settings));
  KafkaProperties properties = own;
  properties.merge(given);
  properties.merge(defaults(kind, settings));
  Configuration configuration(rd_kafka_conf_new());
  for (const auto& [name, value] : properties) {
    const bool secret = settings.property_files.contains(name);
    TALLY_TRY(set(configuration.get(), name, value, secret));
  }
  return configuration;
}

/// What a broker says of a client's certificate in TLS comes as OpenSSL's text, and as nothing
/// else.
bool refuses_client(const std::string& reason) {
  const auto says = [&](const char* part) { return reason.find(part) != reason.npos; };
  return says("SSL alert number") && (says("certificate") || says("unknown ca"));
}

void log_line(const rd_kafka_t* handle, int level, const char* facility, const char* text) {
  // One set of properties serves producer and consumers: that some do not concern one is no news.
  if (std::string_view(facility) == "CONFWARN") return;
  const std::string line = std::string("kafka: ") + text;
  // Every attempt to connect is told of; whoever reads says it once, by what the observer gets.
  const bool reader = rd_kafka_type(handle) == RD_KAFKA_CONSUMER;
  const bool attempt = std::string_view(facility) == "SSLCERTVRFY" ||
                       (reader && std::string_view(facility) == "FAIL");
  if (attempt) return spdlog::debug(line);
  constexpr int kWarning = 4;
  constexpr int kNotice = 6;
  if (level <= kWarning) {
    spdlog::warn(line);
  } else if (level <= kNotice) {
    spdlog::info(line);
  } else {
    spdlog::debug(line);
  }
}

}  // namespace

struct KafkaClient::Callbacks {
  static KafkaClient* client(void* opaque) { return static_cast<KafkaClient*>(opaque); }

  static void trouble(rd_kafka_t*, int code, const char* reason, void* opaque) {
    client(opaque)->note_trouble(code, reason);
  }

  /// By a thread of librdkafka's, for each certificate of a broker's, its own (depth 0) last. What
  /// OpenSSL does not accept is not accepted: librdkafka itself would not tell why.
  static int verified(rd_kafka_t*, const char* broker, std::int32_t, int* verdict, int depth,
                      const char*, std::size_t, char* reason, std::size_t reason_bytes,
                      void* opaque) {
    RefusedCertificate& refused = client(opaque)->refused_certificate_;
    if (*verdict == 0) {
      if (depth == 0) refused.note("");
      return 1;
    }
    const std::string text = net::certificate_complaint(*verdict);
    reason[text.copy(reason, reason_bytes - 1)] = '\0';
    refused.note(std::string(broker) + ": " + text);
    return 0;
  }

  static void delivered(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
    ClientObserver& observer = *client(opaque)->observer_;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      observer.undelivered(
          kafka_error(TopicUse::write, message->err, rd_kafka_topic_name(message->rkt), ""));
      return;
    }
    const auto ticket = std::bit_cast<std::uint64_t>(message->_private);
    if (ticket != 0) observer.delivered(ticket);
  }

  /// 0: the text is not kept.
  static int statistics(rd_kafka_t*, char* json, std::size_t bytes, void* opaque) {
    if (const auto statistics = parse_statistics({json, bytes})) {
      client(opaque)->observer_->statistics(*statistics);
    }
    return 0;
  }
};

Result<std::unique_ptr<KafkaClient>> KafkaClient::open(Kind kind, const TopicSettings& settings,
                                                       const KafkaProperties& own,
                                                       ClientObserver& observer) {
  TALLY_TRY(Configuration configuration, configure(kind, settings, own));
  const TopicUse use = kind == Kind::producer ? TopicUse::write : TopicUse::read;
  std::unique_ptr<KafkaClient> client(new KafkaClient(use, observer));
  client->scram_caveat_ = scram_caveat(settings.properties);
  rd_kafka_conf_set_opaque(configuration.get(), client.get());
  rd_kafka_conf_set_log_cb(configuration.get(), &log_line);
  rd_kafka_conf_set_error_cb(configuration.get(), &Callbacks::trouble);
  rd_kafka_conf_set_ssl_cert_verify_cb(configuration.get(), &Callbacks::verified);
  if (kind == Kind::producer) {
    rd_kafka_conf_set_dr_msg_cb(configuration.get(), &Callbacks::delivered);
    rd_kafka_conf_set_stats_cb(configuration.get(), &Callbacks::statistics);
  }
  std::array<char, 512> reason{};
  const auto type = kind == Kind::producer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER;
  client->handle_.reset(rd_kafka_new(type, configuration.get(), reason.data(), reason.size()));
  if (client->handle_ == nullptr) {
    return Error{Errc::invalid, std::string("kafka: ") + reason.data() +
                                    ": see to the properties in the URL that begin with rdkafka."};
  }
  // It is librdkafka's now.
  (void)configuration.release();
  return client;
}

KafkaClient::~KafkaClient() = default;

void KafkaClient::Destroy::operator()(rd_kafka_s* handle) const noexcept {
  rd_kafka_destroy(handle);
}

void KafkaClient::poll(Milliseconds timeout) {
  rd_kafka_poll(get(), static_cast<int>(timeout.count()));
}

Result<void> KafkaClient::keep_trying(const std::stop_token& stop) {
  poll(kBetweenTries);
  if (stop.stop_requested()) return Error{Errc::io, "stopped before the brokers had answered"};
  const auto now = std::chrono::steady_clock::now();
  if (refusal_ && now - refused_since_ >= kRefusalLasts) return *refusal_;
  return ok();
}

void KafkaClient::tell(std::string trouble) {
  trouble_ = trouble;
  observer_->retrying(std::move(trouble));
}

void KafkaClient::got_through() {
  refusal_.reset();
  if (!std::exchange(trouble_, {}).empty()) observer_->healed();
}

int KafkaClient::fatal_code() const noexcept { return rd_kafka_fatal_error(get(), nullptr, 0); }

std::string KafkaClient::fatal_text() const {
  std::array<char, 512> text{};
  rd_kafka_fatal_error(get(), text.data(), text.size());
  return text.data();
}

/// That all brokers are down is said after what is wrong with each, and does not replace it.
void KafkaClient::tell_all_down(const std::string& reason) {
  if (trouble_.empty()) return tell("kafka: " + reason + kClosedRemedy);
  observer_->retrying(trouble_ + "; " + reason);
}

Error KafkaClient::trouble_of(int code, const std::string& reason) const {
  if (refuses_client(reason)) return {Errc::invalid, "kafka: " + reason + kClientRemedy};
  const std::string why = code == RD_KAFKA_RESP_ERR__SSL ? refused_certificate_.why() : "";
  Error error = kafka_error(use_, code, "kafka", why.empty() ? reason : why);
  if (code == RD_KAFKA_RESP_ERR__AUTHENTICATION) error.context += scram_caveat_;
  return error;
}

void KafkaClient::note_trouble(int code, const char* reason) {
  if (code == RD_KAFKA_RESP_ERR__FATAL) return;
  if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) return tell_all_down(reason);
  Error error = trouble_of(code, reason);
  tell(error.context);
  if (error.code != Errc::invalid) return;
  if (!refusal_) refused_since_ = std::chrono::steady_clock::now();
  refusal_ = std::move(error);
}

}  // namespace tally::kafka
