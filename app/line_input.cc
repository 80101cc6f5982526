#include "app/line_input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/iostreams/concepts.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "store/disk/zstd_stream.h"

namespace tally::app {

namespace {

namespace io = boost::iostreams;

constexpr std::size_t kMagicBytes = 4;

// The file as it is stored, for as long as it is read.
struct RawFile {
  int descriptor = -1;
  bool owned = false;
  std::string magic;  // first bytes, not yet handed on
  std::uint64_t bytes_read = 0;
  std::uint64_t bytes_total = 0;
  int error = 0;         // errno of a failed read
  bool damaged = false;  // the compressed data is cut off, or not what was written

  ~RawFile() {
    if (owned) ::close(descriptor);
  }

  std::streamsize read(char* into, std::size_t bytes) {
    ssize_t got = -1;
    do {
      got = ::read(descriptor, into, bytes);
    } while (got < 0 && errno == EINTR);
    if (got < 0) error = errno;
    bytes_read += static_cast<std::uint64_t>(std::max<ssize_t>(got, 0));
    return got;
  }

  void read_magic() {
    magic.resize(kMagicBytes);
    std::size_t have = 0;
    while (have < kMagicBytes) {
      const std::streamsize got = read(magic.data() + have, kMagicBytes - have);
      if (got <= 0) break;
      have += static_cast<std::size_t>(got);
    }
    magic.resize(have);
  }
};

// What Boost.Iostreams takes for a source. It copies it, so that it only points.
class RawSource : public io::source {
 public:
  explicit RawSource(RawFile& file) : file_(&file) {}

  std::streamsize read(char* into, std::streamsize bytes) {
    if (file_->magic.empty()) {
      const std::streamsize got = file_->read(into, static_cast<std::size_t>(bytes));
      return got > 0 ? got : -1;
    }
    const std::size_t count = std::min(file_->magic.size(), static_cast<std::size_t>(bytes));
    std::memcpy(into, file_->magic.data(), count);
    file_->magic.erase(0, count);
    return static_cast<std::streamsize>(count);
  }

 private:
  RawFile* file_;
};

// The same, decompressed. The filter that Boost.Iostreams has for zstd takes a file that was cut
// off for a whole one.
class ZstdSource : public io::source {
 public:
  explicit ZstdSource(RawFile& file) : state_(std::make_shared<State>(file)) {}

  std::streamsize read(char* into, std::streamsize bytes) {
    State& state = *state_;
    for (;;) {
      const auto decoded =
          state.stream.decode(state.input, std::span(into, static_cast<std::size_t>(bytes)));
      if (!decoded) return fail();
      state.input.remove_prefix(decoded.value().read);
      if (decoded.value().written > 0) {
        return static_cast<std::streamsize>(decoded.value().written);
      }
      if (!state.input.empty()) continue;
      const std::streamsize got =
          state.raw.read(state.buffer.data(), static_cast<std::streamsize>(state.buffer.size()));
      if (got < 0) return state.stream.at_frame_end() ? -1 : fail();
      state.input = {state.buffer.data(), static_cast<std::size_t>(got)};
    }
  }

 private:
  struct State {
    explicit State(RawFile& raw_file) : file(raw_file), raw(raw_file) {}

    RawFile& file;
    RawSource raw;
    store::ZstdStream stream;
    std::vector<char> buffer = std::vector<char>(256 * 1024);
    std::string_view input;  // of the buffer, not yet decoded
  };

  std::streamsize fail() {
    state_->file.damaged = true;
    return -1;
  }

  std::shared_ptr<State> state_;
};

bool is_gzip(std::string_view magic) { return magic.starts_with("\x1f\x8b"); }

// A frame, or one that is skipped, as a journal of Tally begins.
bool is_zstd(std::string_view magic) {
  return magic == "\x28\xb5\x2f\xfd" ||
         (magic.size() == 4 && (magic[0] & 0xf0) == 0x50 && magic.substr(1) == "\x2a\x4d\x18");
}

}  // namespace

struct LineInput::State {
  std::string path;
  RawFile file;
  io::filtering_istream stream;
  std::vector<char> buffer = std::vector<char>(kPieceBytes + kPadding);
  std::size_t filled = 0;  // bytes of the buffer
  std::string rest;  // the begun line behind the last piece, which may overwrite what follows it
  std::uint64_t offset = 0;
  std::uint64_t line = 1;

  // Reads more into the buffer; false at the end of the input.
  Result<bool> fill();
  LinePiece take(std::size_t bytes);
};

Result<bool> LineInput::State::fill() {
  if (filled + kPadding == buffer.size()) {
    if (filled >= kLineBytesMax) {
      return Error{Errc::too_large,
                   path + ": line " + std::to_string(line) + " is over 16 MiB: is this JSONL?"};
    }
    buffer.resize(filled * 2 + kPadding);
  }
  const std::size_t room = buffer.size() - kPadding - filled;
  stream.read(buffer.data() + filled, static_cast<std::streamsize>(room));
  filled += static_cast<std::size_t>(stream.gcount());
  if (file.error != 0) return errno_error(file.error, "read " + path);
  if (file.damaged || stream.bad())
    return Error{Errc::corruption, path + ": the compressed data is damaged"};
  return !stream.eof();
}

LinePiece LineInput::State::take(std::size_t bytes) {
  rest.assign(buffer.data() + bytes, filled - bytes);
  const LinePiece piece{std::span(buffer.data(), bytes), offset, line};
  line += static_cast<std::uint64_t>(std::ranges::count(piece.bytes, '\n'));
  offset += bytes;
  return piece;
}

LineInput::LineInput(std::unique_ptr<State> state) : state_(std::move(state)) {}
LineInput::~LineInput() = default;
LineInput::LineInput(LineInput&&) noexcept = default;
LineInput& LineInput::operator=(LineInput&&) noexcept = default;

Result<LineInput> LineInput::open(const std::string& path) {
  auto state = std::make_unique<State>();
  RawFile& file = state->file;
  state->path = path == "-" ? "standard input" : path;
  file.owned = path != "-";
  file.descriptor = file.owned ? ::open(path.c_str(), O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
  if (file.descriptor < 0) return errno_error(errno, "open " + path);
  struct stat status {};
  if (fstat(file.descriptor, &status) == 0 && S_ISREG(status.st_mode)) {
    file.bytes_total = static_cast<std::uint64_t>(status.st_size);
  }
  file.read_magic();
  if (file.error != 0) return errno_error(file.error, "read " + state->path);
  if (is_zstd(file.magic)) {
    state->stream.push(ZstdSource(file), 256 * 1024);
  } else {
    if (is_gzip(file.magic)) state->stream.push(io::gzip_decompressor());
    state->stream.push(RawSource(file), 256 * 1024);
  }
  return LineInput(std::move(state));
}

Result<std::optional<LinePiece>> LineInput::next() {
  State& state = *state_;
  std::ranges::copy(state.rest, state.buffer.begin());
  state.filled = state.rest.size();
  for (bool more = true; more;) {
    TALLY_TRY(more, state.fill());
    const std::string_view have(state.buffer.data(), state.filled);
    const std::size_t line_end = have.rfind('\n');
    if (line_end != std::string_view::npos) return state.take(line_end + 1);
  }
  if (state.filled == 0) return std::nullopt;
  return state.take(state.filled);
}

std::uint64_t LineInput::bytes_read() const noexcept { return state_->file.bytes_read; }
std::uint64_t LineInput::bytes_total() const noexcept { return state_->file.bytes_total; }

}  // namespace tally::app
