// What a sink's cursor file, its status file, and its record in Kafka's cursor topic may say: all
// three are lines of KEY=VALUE, so that each reader gets every input.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/check.h"
#include "shipper/kafka/cursor_record.h"
#include "shipper/status_file.h"
#include "store/paths.h"
#include "store/sink_cursor_text.h"
#include "tests/support/fault_file_system.h"

namespace {

using namespace tally;

/// The files of a store's sinks, in memory, of one input: a file there keeps all that it ever held.
class SinkFiles {
 public:
  SinkFiles() : paths_("data") { TALLY_CHECK(files_.create_directories(paths_.cursors())); }

  void check_cursor(std::string_view input) {
    const auto read = store::read_cursor_text(files_, put("a.cursor", input)).value();
    if (!read.store || !read.next) return;
    // What can be read can be written, and means the same.
    const std::string text = store::cursor_text(*read.store, {*read.next, read.note});
    const auto again = store::read_cursor_text(files_, put("b.cursor", text)).value();
    TALLY_CHECK(again.store == read.store && again.next == read.next && again.note == read.note);
  }

  void check_status(std::string_view input) {
    put("sink.status", input);
    const auto read = shipper::read_status(files_, paths_, "sink").value();
    TALLY_CHECK(read && read->condition.find('\n') == std::string::npos);
    TALLY_CHECK(read->trouble.find('\n') == std::string::npos);
  }

 private:
  store::Path put(const char* name, std::string_view text) {
    store::Path path = paths_.cursors() / name;
    const auto file = files_.open(path, store::OpenMode::create).value();
    TALLY_CHECK(file->write_at(0, {&text, 1}));
    return path;
  }

  tests::FaultFileSystem files_;
  store::StorePaths paths_;
};

void check_record(std::string_view input) {
  const auto read = shipper::parse_cursor_record(input);
  if (!read) return;
  const auto again = shipper::parse_cursor_record(shipper::to_text(*read));
  TALLY_CHECK(again && again->next == read->next);
  TALLY_CHECK(again->instance.id == read->instance.id && again->instance.by == read->instance.by);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  SinkFiles files;
  files.check_cursor(input);
  files.check_status(input);
  check_record(input);
  return 0;
}
