#include "app/config_key.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <utility>

#include "app/quantity.h"
#include "ingest/kafka/consume_settings.h"
#include "query/time_expression.h"
#include "shipper/make_sink.h"

namespace tally::app {

namespace {

constexpr std::uint64_t kMiB = 1024 * 1024;

template <class T>
struct Choice {
  std::string_view name;
  T value;
};

constexpr std::array<Choice<store::Durability>, 2> kDurabilities = {
    {{"disk", store::Durability::disk}, {"os", store::Durability::os}}};
constexpr std::array<Choice<bool>, 2> kYesNo = {{{"yes", true}, {"no", false}}};
constexpr std::array<Choice<LogLevel>, 4> kLogLevels = {{{"debug", LogLevel::debug},
                                                         {"info", LogLevel::info},
                                                         {"warn", LogLevel::warn},
                                                         {"error", LogLevel::error}}};
constexpr std::array<Choice<LogFormat>, 3> kLogFormats = {
    {{"auto", LogFormat::automatic}, {"text", LogFormat::text}, {"json", LogFormat::json}}};

// What reads one value of a key. Each is a template argument of set<>() below.

template <const auto& choices>
auto parse_choice(std::string_view text) -> Result<decltype(choices[0].value)> {
  std::string expected;
  for (const auto& choice : choices) {
    if (choice.name == text) return choice.value;
    expected += (expected.empty() ? "" : ", ") + std::string(choice.name);
  }
  return Error{Errc::invalid, "\"" + std::string(text) + "\" is none of " + expected};
}

template <std::uint64_t least, std::uint64_t most>
Result<std::uint64_t> parse_count(std::string_view text) {
  return app::parse_count(text, least, most);
}

template <std::uint64_t least, std::uint64_t most>
Result<std::uint64_t> parse_size(std::string_view text) {
  return app::parse_size(text, least, most);
}

constexpr std::string_view kNever = "never";

Result<std::chrono::nanoseconds> parse_age(std::string_view text) {
  if (text == kNever) return std::chrono::nanoseconds{0};
  return query::parse_duration(text);
}

Result<std::string> parse_text(std::string_view text) {
  if (text.empty()) return Error{Errc::invalid, "must not be empty"};
  return std::string(text);
}

Result<std::string> parse_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const bool good = colon != std::string_view::npos && colon > 0 &&
                    app::parse_count(text.substr(colon + 1), 0, 65535).has_value();
  if (good) return std::string(text);
  return Error{Errc::invalid, "\"" + std::string(text) +
                                  "\" is not ADDR:PORT, such as 127.0.0.1:7514 or [::1]:7514"};
}

// The other way round.

template <const auto& choices>
std::string format_choice(decltype(choices[0].value) value) {
  for (const auto& choice : choices) {
    if (choice.value == value) return std::string(choice.name);
  }
  return {};
}

std::string format_age(std::chrono::nanoseconds age) {
  return age.count() == 0 ? std::string(kNever) : format_duration(age);
}
std::string format_count(std::uint64_t count) { return std::to_string(count); }
std::string format_text(const std::string& text) { return text; }

// What a row points at, made from a member of Config with its reader and its writer.

template <auto member, auto parse>
Result<void> set(Config& config, std::string_view text) {
  TALLY_TRY(auto value, parse(text));
  config.*member = std::move(value);
  return ok();
}

template <auto member, auto format>
std::vector<std::string> get(const Config& config) {
  return {format(config.*member)};
}

Result<std::string> parse_topic(std::string_view text) {
  TALLY_TRY(ingest::read_consume_url(text));
  return std::string(text);
}

Result<std::string> parse_sink(std::string_view text) {
  TALLY_TRY(shipper::plan_sink(text));
  return std::string(text);
}

template <auto member, auto parse>
Result<void> add(Config& config, std::string_view text) {
  TALLY_TRY(auto value, parse(text));
  (config.*member).push_back(std::move(value));
  return ok();
}

template <auto member>
std::vector<std::string> get_all(const Config& config) {
  return config.*member;
}

template <auto member>
void clear(Config& config) {
  (config.*member).clear();
}

template <auto member, auto parse, auto format>
constexpr ConfigKey single(std::string_view name, std::string_view type, std::string_view help) {
  return {name, type, help, false, set<member, parse>, get<member, format>, nullptr};
}

template <auto member, auto parse = parse_text>
constexpr ConfigKey list(std::string_view name, std::string_view type, std::string_view help) {
  return {name, type, help, true, add<member, parse>, get_all<member>, clear<member>};
}

constexpr std::array kKeys = {
    single<&Config::data, parse_text, format_text>("data", "DIR", "The store's directory"),
    single<&Config::listen, parse_address, format_text>("listen", "ADDR:PORT",
                                                        "Where to take events and answer queries"),
    list<&Config::allowed_hosts>(
        "allowed_hosts", "NAME",
        "A name that clients may reach the collector by, besides its addresses and localhost"),
    list<&Config::tail>("tail", "GLOB", "A file to follow, or several by a pattern"),
    list<&Config::consume, parse_topic>(
        "consume", "URL",
        "A topic of Kafka's to read, exactly once: kafka://HOST:9092/TOPIC?member=1/3"),
    list<&Config::ship, parse_sink>(
        "ship", "URL",
        "Where to ship every event: loki+http://HOST:3100, kafka://HOST:9092/TOPIC, file:///PATH"),
    single<&Config::io_threads, parse_count<0, 1024>, format_count>(
        "io_threads", "N", "Threads for the network; 0: one per core"),
    single<&Config::durability, parse_choice<kDurabilities>, format_choice<kDurabilities>>(
        "durability", "disk|os",
        "Answer when an event is on disk, or already when the operating system has it"),
    single<&Config::journal_file_bytes, parse_size<kMiB, 4096 * kMiB>, format_size>(
        "journal.file_bytes", "SIZE", "Size of a journal file, written ahead"),
    single<&Config::journal_file_events, parse_count<1, 1ULL << 32>, format_count>(
        "journal.file_events", "N", "Events after which a new journal file is begun"),
    single<&Config::journal_file_age, query::parse_duration, format_duration>(
        "journal.file_age", "DURATION", "Time after which a new journal file is begun"),
    single<&Config::rejected_bytes, parse_size<kMiB, 1024 * 1024 * kMiB>, format_size>(
        "rejected.bytes", "SIZE", "Refused events to keep; of one client a quarter at most"),
    single<&Config::retention_age, parse_age, format_age>(
        "retention.age", "DURATION|never", "Remove segments whose last event came in before that"),
    single<&Config::retention_bytes, parse_size<0, 1024 * 1024 * 1024 * kMiB>, format_size>(
        "retention.bytes", "SIZE", "Remove the oldest segments past this size of all; 0: never"),
    single<&Config::retention_past_sinks, parse_choice<kYesNo>, format_choice<kYesNo>>(
        "retention.past_sinks", "yes|no", "Remove also what a sink has not got yet"),
    single<&Config::disk_percent, parse_count<2, 100>, format_count>(
        "limits.disk_percent", "N", "Use of the disk at which events are refused; 100: no limit"),
    single<&Config::connections_max, parse_count<1, 1'000'000>, format_count>(
        "limits.connections", "N", "Connections at a time; more wait"),
    single<&Config::body_memory_bytes, parse_size<16 * kMiB, 1024 * 1024 * kMiB>, format_size>(
        "limits.body_memory", "SIZE", "Memory for large request bodies; more wait"),
    single<&Config::queue_bytes, parse_size<16 * kMiB, 1024 * 1024 * kMiB>, format_size>(
        "limits.queue", "SIZE", "Events waiting to be written; more are refused with 503"),
    single<&Config::log_level, parse_choice<kLogLevels>, format_choice<kLogLevels>>(
        "log.level", "LEVEL", "debug, info, warn or error"),
    single<&Config::log_format, parse_choice<kLogFormats>, format_choice<kLogFormats>>(
        "log.format", "FORMAT", "text, json, or auto: text on a terminal, JSON otherwise"),
};

}  // namespace

std::span<const ConfigKey> config_keys() { return kKeys; }

const ConfigKey* find_config_key(std::string_view name) {
  const auto* key = std::ranges::find(kKeys, name, &ConfigKey::name);
  return key == kKeys.end() ? nullptr : key;
}

std::string flag_name(const ConfigKey& key) {
  std::string flag = "--" + std::string(key.name);
  std::ranges::replace_if(
      flag, [](char c) { return c == '.' || c == '_'; }, '-');
  return flag;
}

std::string variable_name(const ConfigKey& key) {
  std::string variable = "TALLY_";
  for (const char c : key.name) {
    variable += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return variable;
}

}  // namespace tally::app
