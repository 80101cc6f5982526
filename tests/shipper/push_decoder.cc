#include <simdjson.h>
#include <snappy.h>

#include <boost/iostreams/copy.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <sstream>

#include "shipper/loki/loki_push.pb.h"
#include "tests/shipper/loki_rules.h"

namespace tally::shipper {
namespace {

std::optional<DecodedPush> decode_protobuf(std::string_view body) {
  std::string plain;
  pb::PushRequest request;
  if (!snappy::Uncompress(body.data(), body.size(), &plain)) return std::nullopt;
  if (!request.ParseFromString(plain)) return std::nullopt;
  DecodedPush push;
  for (const pb::Stream& stream : request.streams()) {
    push.streams.push_back({stream.labels(), {}});
    for (const pb::Entry& entry : stream.entries()) {
      StoredEntry stored{stream.labels(), {}, entry.line(), {}};
      stored.time = UtcTime{std::chrono::seconds(entry.timestamp().seconds()) +
                            std::chrono::nanoseconds(entry.timestamp().nanos())};
      for (const pb::LabelPair& pair : entry.structured_metadata()) {
        stored.metadata.emplace_back(pair.name(), pair.value());
      }
      push.streams.back().entries.push_back(std::move(stored));
    }
  }
  return push;
}

std::string gunzip(std::string_view body) {
  namespace io = boost::iostreams;
  std::istringstream packed{std::string(body)};
  io::filtering_istream in;
  in.push(io::gzip_decompressor());
  in.push(packed);
  std::ostringstream plain;
  io::copy(in, plain);
  return plain.str();
}

std::string text_of(simdjson::dom::element value) {
  return std::string(value.get_string().value());
}

StoredEntry read_json_entry(const std::string& labels, simdjson::dom::array parts) {
  StoredEntry stored{labels, {}, text_of(parts.at(1)), {}};
  stored.time = UtcTime{std::chrono::nanoseconds(std::stoll(text_of(parts.at(0))))};
  const simdjson::dom::object metadata = parts.at(2);
  for (const auto& [name, value] : metadata) {
    stored.metadata.emplace_back(std::string(name), text_of(value));
  }
  return stored;
}

std::optional<DecodedPush> decode_json(std::string_view body) {
  simdjson::dom::parser parser;
  const std::string plain = gunzip(body);
  const simdjson::dom::element root = parser.parse(plain);
  const simdjson::dom::array streams = root["streams"];
  DecodedPush push;
  for (const simdjson::dom::element stream : streams) {
    const simdjson::dom::object names = stream["stream"];
    const simdjson::dom::array values = stream["values"];
    std::string labels;
    for (const auto& [name, value] : names) {
      labels += (labels.empty() ? "{" : ", ") + std::string(name) + "=\"" + text_of(value) + '"';
    }
    labels += '}';
    push.streams.push_back({labels, {}});
    for (const simdjson::dom::array entry : values) {
      push.streams.back().entries.push_back(read_json_entry(labels, entry));
    }
  }
  return push;
}

}  // namespace

std::string unpacked(std::string_view type, std::string_view body) {
  if (type == "application/json") return gunzip(body);
  std::string plain;
  snappy::Uncompress(body.data(), body.size(), &plain);
  return plain;
}

std::optional<DecodedPush> decode_push(std::string_view type, std::string_view body) {
  if (type == "application/x-protobuf") return decode_protobuf(body);
  if (type == "application/json") return decode_json(body);
  return std::nullopt;
}

}  // namespace tally::shipper
