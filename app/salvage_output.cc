#include "app/salvage_output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include "model/json_text.h"
#include "query/zone.h"

namespace tally::app {
namespace {

/// Events may hold what only their owner is to read.
constexpr mode_t kFileMode = 0600;

Error failure(std::string_view verb, const store::Path& path) {
  return errno_error(errno, std::string(verb) + " " + path.string());
}

void append_source(std::string& out, const Run& run, std::optional<std::uint64_t> offset) {
  out += ",\"received\":\"" + format_rfc3339(run.received) + "\",\"source\":{\"kind\":\"";
  out += to_string(run.kind);
  out += "\",\"name\":";
  append_json_string(out, run.source);
  if (offset) out += ",\"offset\":" + std::to_string(*offset);
  out += "},\"client\":";
  if (run.client.empty()) {
    out += "null";
  } else {
    append_json_string(out, run.client);
  }
}

/// The envelope of `tally query`, as far as it is known: the rest is null.
class EnvelopeWriter {
 public:
  EnvelopeWriter(const store::SalvagedEvents& events, std::string& out)
      : events_(events), runs_(events.chunk.runs), out_(out) {
    if (!runs_.empty()) offset_ = runs_.front().offset;
  }

  void write(std::string_view line, std::uint64_t index) {
    const std::uint64_t first = to_number(events_.chunk.first);
    out_ += "{\"seq\":";
    out_ += first == 0 ? "null" : std::to_string(first + index);
    out_ += ",\"store\":";
    out_ += events_.store ? "\"" + to_string(*events_.store) + "\"" : "null";
    if (runs_.empty()) {
      out_ += ",\"received\":null,\"source\":null,\"client\":null";
    } else {
      write_run(line);
    }
    if (!events_.verified) out_ += ",\"verified\":false";
    out_ += ",\"event\":";
    out_ += line;
    out_ += "}\n";
  }

 private:
  void write_run(std::string_view line) {
    const Run& run = runs_.front();
    const bool has_offset = events_.offsets_known && run.kind != SourceKind::http;
    append_source(out_, run, has_offset ? std::optional(offset_) : std::nullopt);
    offset_ = next_offset(run, offset_, line.size());
    if (++used_ < run.count) return;
    used_ = 0;
    runs_ = runs_.subspan(1);
    if (!runs_.empty()) offset_ = runs_.front().offset;
  }

  const store::SalvagedEvents& events_;
  std::span<const Run> runs_;
  std::string& out_;
  std::uint32_t used_ = 0;
  std::uint64_t offset_ = 0;
};

void append_enveloped(std::string& out, const store::SalvagedEvents& events) {
  EnvelopeWriter envelope(events, out);
  std::string_view lines = events.chunk.lines;
  for (std::uint64_t i = 0; !lines.empty(); ++i) {
    const std::size_t length = lines.find('\n');
    envelope.write(lines.substr(0, length), i);
    lines.remove_prefix(length + 1);
  }
}

}  // namespace

/// A descriptor with its buffer.
struct SalvageOutput::Stream {
  explicit Stream(int standard) : fd(standard), output(fd) {}
  Stream(int opened, store::Path created) : fd(opened), path(std::move(created)), output(fd) {}
  ~Stream() {
    if (!path.empty()) ::close(fd);
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  static Result<std::unique_ptr<Stream>> create(const store::Path& path);
  Result<void> finish();

  int fd;
  store::Path path;  ///< empty: a standard stream
  bool used = false;
  query::Output output;
};

struct SalvageOutput::Streams {
  bool envelope = false;
  std::unique_ptr<Stream> events;
  std::unique_ptr<Stream> refused;
  std::unique_ptr<Stream> unverified;  ///< none: with the others
  RefusedPrinter printer{RefusedFormat::jsonl, query::Zone::utc(), false};
};

Result<std::unique_ptr<SalvageOutput::Stream>> SalvageOutput::Stream::create(
    const store::Path& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode);
  if (fd >= 0) return std::make_unique<Stream>(fd, path);
  if (errno != EEXIST) return failure("create", path);
  return Error{Errc::invalid, path.string() + " is there already, and is not overwritten"};
}

Result<void> SalvageOutput::Stream::finish() {
  TALLY_TRY(output.finish());
  if (path.empty()) return ok();
  if (::fsync(fd) != 0 && errno != EINVAL) return failure("sync", path);
  if (!used && ::unlink(path.c_str()) != 0) return failure("remove", path);
  return ok();
}

SalvageOutput::SalvageOutput(std::unique_ptr<Streams> streams) : streams_(std::move(streams)) {}
SalvageOutput::~SalvageOutput() = default;
SalvageOutput::SalvageOutput(SalvageOutput&&) noexcept = default;
SalvageOutput& SalvageOutput::operator=(SalvageOutput&&) noexcept = default;

Result<SalvageOutput> SalvageOutput::open(const SalvageOutputOptions& options) {
  auto streams = std::make_unique<Streams>();
  streams->envelope = options.envelope;
  const store::Path target(options.target);
  std::error_code ignored;
  if (options.target.ends_with('/') || std::filesystem::is_directory(target, ignored)) {
    if (::mkdir(target.c_str(), 0700) != 0 && errno != EEXIST) return failure("create", target);
    TALLY_TRY(streams->events, Stream::create(target / "events.jsonl"));
    TALLY_TRY(streams->refused, Stream::create(target / "refused.jsonl"));
    TALLY_TRY(streams->unverified, Stream::create(target / "unverified.jsonl"));
    return SalvageOutput(std::move(streams));
  }
  auto& only = options.refused ? streams->refused : streams->events;
  if (options.target.empty()) {
    only = std::make_unique<Stream>(STDOUT_FILENO);
  } else {
    TALLY_TRY(only, Stream::create(target));
  }
  return SalvageOutput(std::move(streams));
}

Result<void> SalvageOutput::write(const store::SalvagedEvents& events) {
  const bool apart = !events.verified && streams_->unverified;
  Stream* const stream = (apart ? streams_->unverified : streams_->events).get();
  if (stream == nullptr) return ok();
  stream->used = true;
  if (streams_->envelope) {
    append_enveloped(stream->output.text(), events);
  } else {
    stream->output.text() += events.chunk.lines;
  }
  return stream->output.flush_if_full();
}

Result<void> SalvageOutput::write(const store::SalvagedRefused& refused) {
  Stream* const stream = streams_->refused.get();
  if (stream == nullptr) return ok();
  stream->used = true;
  for (const store::RefusedEvent& event : refused.events) {
    streams_->printer.print(event, stream->output.text());
  }
  return stream->output.flush_if_full();
}

Result<void> SalvageOutput::finish() {
  for (Stream* stream :
       {streams_->events.get(), streams_->refused.get(), streams_->unverified.get()}) {
    if (stream == nullptr) continue;
    TALLY_TRY(stream->finish());
  }
  return ok();
}

bool SalvageOutput::is_closed() const noexcept {
  const auto& stream = streams_->events ? streams_->events : streams_->refused;
  return stream->output.is_closed();
}

}  // namespace tally::app
