#include "bench/corpus.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <vector>

#include "bench/corpus_words.h"
#include "bench/random.h"

namespace tally::bench {
namespace {

using std::chrono::microseconds;
using std::chrono::sys_time;

constexpr std::size_t kContainers = 5000;
constexpr std::uint64_t kFailuresPerMille = 40;

// Events are written down in another order than they happened: each is late by up to this many
// mean distances.
constexpr double kJitterIntervals = 4;

WeightedChoice zipf(std::size_t count) {
  std::vector<double> weights;
  for (std::size_t rank = 1; rank <= count; ++rank) {
    weights.push_back(1.0 / static_cast<double>(rank));
  }
  return WeightedChoice(weights);
}

WeightedChoice operation_mix() {
  std::vector<double> weights;
  for (const OperationWord& word : kOperations) weights.push_back(word.weight);
  return WeightedChoice(weights);
}

void append_number(std::string& out, std::uint64_t value) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

// Appends `value` in `width` digits, zeros in front.
void append_padded(std::string& out, std::uint64_t value, std::size_t width) {
  std::array<char, 20> digits;
  for (std::size_t i = width; i-- > 0; value /= 10) {
    digits[i] = static_cast<char>('0' + value % 10);
  }
  out.append(digits.data(), width);
}

// Appends value / 10^decimals as Python prints it, in the shortest form: 12.5, and 12.0.
void append_decimal(std::string& out, std::uint64_t value, std::size_t decimals) {
  std::uint64_t unit = 1;
  for (std::size_t i = 0; i < decimals; ++i) unit *= 10;
  append_number(out, value / unit);
  std::uint64_t fraction = value % unit;
  for (; decimals > 1 && fraction % 10 == 0; --decimals) fraction /= 10;
  append_padded(out.append("."), fraction, decimals);
}

void append_hex(std::string& out, Random& random, std::size_t digits) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (std::size_t done = 0; done < digits; done += 16) {
    std::uint64_t bits = random.next();
    for (std::size_t i = done; i < std::min(digits, done + 16); ++i, bits >>= 4) {
      out.push_back(kHex[bits & 15]);
    }
  }
}

// Names of the containers in order of rank; one in ten goes by its short id.
std::vector<std::string> container_names(Random random) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kContainers; ++i) {
    std::string name;
    if (i % 10 == 7) {
      append_hex(name, random, 12);
    } else {
      name.append(random.pick(kStacks)).append("-").append(random.pick(kRoles)).append("-");
      append_number(name, i);
    }
    names.push_back(std::move(name));
  }
  return names;
}

// "2026-01-23T21:55:09", remembered: most events share their second with the one before.
class SecondText {
 public:
  std::string_view of(std::chrono::sys_seconds second) {
    if (second != second_ || text_.empty()) render(second);
    return text_;
  }

 private:
  void render(std::chrono::sys_seconds second) {
    const auto day = std::chrono::floor<std::chrono::days>(second);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{second - day};
    text_.clear();
    append_padded(text_, static_cast<std::uint64_t>(static_cast<int>(date.year())), 4);
    append_padded(text_.append("-"), static_cast<unsigned>(date.month()), 2);
    append_padded(text_.append("-"), static_cast<unsigned>(date.day()), 2);
    append_padded(text_.append("T"), static_cast<std::uint64_t>(time.hours().count()), 2);
    append_padded(text_.append(":"), static_cast<std::uint64_t>(time.minutes().count()), 2);
    append_padded(text_.append(":"), static_cast<std::uint64_t>(time.seconds().count()), 2);
    second_ = second;
  }

  std::chrono::sys_seconds second_{};
  std::string text_;
};

}  // namespace

struct CorpusGenerator::State {
  explicit State(CorpusOptions corpus)
      : options(corpus),
        random(corpus.seed),
        services(zipf(kServices.size())),
        containers(zipf(kContainers)),
        operations(operation_mix()),
        names(container_names(Random(corpus.seed ^ 0x636F6E74U))) {}

  void append_event(std::string& out);
  void append_time(std::string& out);
  void append_error(std::string& out, std::string_view operation, std::string_view container);
  void append_metadata(std::string& out, Operation operation, bool success);
  void append_operation_metadata(std::string& out, Operation operation, bool success);
  void append_duration(std::string& out);

  CorpusOptions options;
  Random random;
  WeightedChoice services;
  WeightedChoice containers;
  WeightedChoice operations;
  std::vector<std::string> names;
  SecondText second_text;
  std::uint64_t events = 0;
};

void CorpusGenerator::State::append_event(std::string& out) {
  const OperationWord& word = kOperations[operations.draw(random)];
  const auto operation = static_cast<Operation>(&word - kOperations.data());
  const bool success = random.below(1000) >= kFailuresPerMille;
  const std::string_view container =
      word.has_container ? std::string_view(names[containers.draw(random)]) : std::string_view();

  out.append(R"({"timestamp": ")");
  append_time(out);
  out.append(R"(", "service": ")").append(kServices[services.draw(random)]);
  out.append(R"(", "operation": ")").append(word.name);
  if (word.has_container) {
    out.append(R"(", "container": ")").append(container).push_back('"');
  } else {
    out.append(R"(", "container": null)");
  }
  out.append(success ? R"(, "success": true, "error": )" : R"(, "success": false, "error": )");
  if (success) {
    out.append("null");
  } else {
    append_error(out, word.name, container);
  }
  append_metadata(out, operation, success);
  out.append("}\n");
}

void CorpusGenerator::State::append_time(std::string& out) {
  const double late = random.fraction() * kJitterIntervals;
  const double seconds = (static_cast<double>(events++) - late) / options.events_per_second;
  const auto time = std::chrono::floor<microseconds>(options.start) +
                    microseconds{static_cast<std::int64_t>(std::floor(seconds * 1e6))};
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  out.append(second_text.of(second));
  // Python's isoformat() leaves the fraction out when it is zero.
  const auto fraction = static_cast<std::uint64_t>((time - second).count());
  if (fraction != 0) append_padded(out.append("."), fraction, 6);
  out.append("+00:00");
}

void CorpusGenerator::State::append_error(std::string& out, std::string_view operation,
                                          std::string_view container) {
  const std::string_view target = container.empty() ? "unknown" : container;
  switch (random.below(6)) {
    case 0:
      out.append(R"("Operation ')").append(operation).append("' not allowed for this service");
      break;
    case 1:
      out.append(R"("HTTP 404: no such container: )").append(target);
      break;
    case 2:
      out.append(R"("HTTP 409: container )").append(target).append(" is already in use");
      break;
    case 3:
      append_number(out.append(R"("Timeout after )"), 5 * (1 + random.below(6)));
      out.append("s waiting for the engine");
      break;
    case 4:
      append_number(out.append(R"("HTTP 500: crun exited with code )"), random.below(128));
      out.append(R"(: \"permission denied\")");
      break;
    default:
      out.append(R"("[Errno 111] Connection refused)");
  }
  out.push_back('"');
}

void CorpusGenerator::State::append_metadata(std::string& out, Operation operation, bool success) {
  out.append(R"(, "metadata": {)");
  append_operation_metadata(out, operation, success);
  if (random.one_in(2)) {
    out.append(R"(, "request_id": ")");
    append_hex(out, random, 32);
    out.push_back('"');
  }
  if (operation != Operation::list || random.one_in(2)) append_duration(out);
  out.push_back('}');
}

void CorpusGenerator::State::append_operation_metadata(std::string& out, Operation operation,
                                                       bool success) {
  const auto number = [&](std::string_view key, std::uint64_t value) {
    append_number(out.append("\"").append(key).append("\": "), value);
  };
  const auto text = [&](std::string_view key, std::string_view value) {
    out.append("\"").append(key).append("\": \"").append(value).append("\"");
  };
  switch (operation) {
    case Operation::list:
      return number("count", 12 + random.below(30));
    case Operation::inspect:
      text("state", random.one_in(9) ? "exited" : "running");
      out.append(", ");
      return number("restarts", random.below(4));
    case Operation::logs:
      number("tail", 50 * (1 + random.below(4)));
      out.append(", ");
      return number("bytes", random.below(random.below(1 << 17) + 1));
    case Operation::stats:
      append_decimal(out.append(R"("cpu_percent": )"), random.below(20'000), 2);
      out.append(", ");
      return number("memory_bytes", 4096 * random.below(1 << 18));
    case Operation::create:
    case Operation::image_pull:
      return text("image", random.pick(kImages));
    case Operation::start:
      return number("attempt", 1 + random.below(2));
    case Operation::stop:
      number("timeout", 10);
      out.append(", ");
      return number("exit_code", success ? 0 : 137);
    case Operation::restart:
      return text("reason", random.pick(kReasons));
    case Operation::remove:
      out.append(random.one_in(3) ? R"("force": true, "volumes": false)"
                                  : R"("force": false, "volumes": false)");
      return;
    case Operation::exec:
      text("command", random.pick(kCommands));
      out.append(", ");
      return number("exit_code", success ? 0 : random.below(128));
    case Operation::kill:
      return text("signal", random.pick(kSignals));
    case Operation::network_create:
      text("driver", "bridge");
      out.append(", ");
      return text("network", random.pick(kStacks));
    case Operation::volume_create:
      text("driver", "local");
      out.append(", ");
      return text("volume", random.pick(kRoles));
  }
}

// Long-tailed, with three decimals, as round(seconds * 1000, 3) gives them.
void CorpusGenerator::State::append_duration(std::string& out) {
  const double ms = 2.0 - 18.0 * std::log(1.0 - random.fraction());
  const auto micros = static_cast<std::uint64_t>(ms * 1000);
  append_decimal(out.append(R"(, "duration_ms": )"), micros, 3);
}

CorpusOptions ending_at(CorpusOptions options, UtcTime end, std::uint64_t count) {
  const double seconds = static_cast<double>(count) / options.events_per_second;
  options.start = end - std::chrono::nanoseconds{static_cast<std::int64_t>(seconds * 1e9)};
  return options;
}

CorpusGenerator::CorpusGenerator(CorpusOptions options)
    : state_(std::make_unique<State>(options)) {}
CorpusGenerator::~CorpusGenerator() = default;
CorpusGenerator::CorpusGenerator(CorpusGenerator&&) noexcept = default;
CorpusGenerator& CorpusGenerator::operator=(CorpusGenerator&&) noexcept = default;

void CorpusGenerator::append_line(std::string& out) { state_->append_event(out); }

void CorpusGenerator::append_lines(std::string& out, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i) append_line(out);
}

}  // namespace tally::bench
