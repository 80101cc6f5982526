#include "ingest/kafka/consume_settings.h"

#include <charconv>
#include <optional>
#include <utility>

#include "net/service_url.h"

namespace tally::ingest {
namespace {

constexpr std::uint64_t kMiB = 1024 * 1024;
constexpr std::int32_t kMembersMax = 10'000;

Error invalid(std::string text) { return {Errc::invalid, std::move(text)}; }

std::optional<std::int32_t> number_of(std::string_view text) {
  std::int32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [read, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || read != end) return std::nullopt;
  return number;
}

Result<Member> read_member(net::UrlParameters& parameters) {
  const std::string text = parameters.take("member").value_or("1/1");
  const std::size_t slash = text.find('/');
  if (slash != text.npos) {
    const auto number = number_of(std::string_view(text).substr(0, slash));
    const auto count = number_of(std::string_view(text).substr(slash + 1));
    if (number && count && *number >= 1 && *number <= *count && *count <= kMembersMax) {
      return Member{*number, *count};
    }
  }
  return invalid("member=" + text + " is not NUMBER/COUNT, such as 1/3, 2/3 or 3/3");
}

Result<ConsumeSettings> read(std::string_view text) {
  TALLY_TRY(const auto url, net::ServiceUrl::parse(text));
  if (url.scheme != "kafka") return invalid("only kafka://BROKER[,BROKER]/TOPIC can be consumed");
  net::UrlParameters parameters(url);
  ConsumeSettings settings;
  TALLY_TRY(settings.topic, kafka::read_topic_settings(url, parameters, kafka::kTopicNameMax));
  TALLY_TRY(settings.member, read_member(parameters));
  settings.group = parameters.take("group").value_or(settings.group);
  if (settings.group.empty()) return invalid("group= needs a name");
  TALLY_TRY(const std::size_t start, parameters.take_choice("start", {"oldest", "now"}));
  settings.start = start == 0 ? ConsumeStart::oldest : ConsumeStart::now;
  TALLY_TRY(settings.generation, parameters.take_number("generation", 1, 1, 1'000'000'000));
  TALLY_TRY(const std::size_t takeover, parameters.take_choice("takeover", {"no", "yes"}));
  settings.takeover = takeover == 1;
  TALLY_TRY(settings.memory_bytes,
            parameters.take_number("memory", 32 * kMiB, kMiB, 64 * 1024 * kMiB));
  TALLY_TRY(parameters.finish());
  return settings;
}

}  // namespace

std::string to_string(const Member& member) {
  return std::to_string(member.number) + "/" + std::to_string(member.count);
}

Result<ConsumeSettings> read_consume_url(std::string_view url) {
  auto settings = read(url);
  if (settings) return settings;
  // Without the URL, where a password may stand.
  return Error{settings.error().code, "kafka: " + settings.error().context};
}

}  // namespace tally::ingest
