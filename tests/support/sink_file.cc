#include "tests/support/sink_file.h"

#include <string_view>

namespace tally::tests {

Result<void> put_sink_file(store::FileSystem& files, const store::StorePaths& paths,
                           const store::StoreId& store, const std::string& name, Sequence next) {
  TALLY_TRY(files.create_directories(paths.cursors()));
  const store::Path draft = paths.cursors() / (name + ".draft");
  const std::string text =
      "store=" + to_string(store) + "\nnext=" + std::to_string(to_number(next)) + "\n";
  const std::string_view part = text;
  TALLY_TRY(const auto file, files.open(draft, store::OpenMode::create));
  TALLY_TRY(file->write_at(0, {&part, 1}));
  TALLY_TRY(file->sync_data());
  TALLY_TRY(files.rename(draft, paths.cursors() / name));
  return files.sync_directory(paths.cursors());
}

}  // namespace tally::tests
