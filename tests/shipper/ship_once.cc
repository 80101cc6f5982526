#include <cstdio>

#include "model/clock.h"
#include "shipper/make_sink.h"
#include "shipper/shipper.h"
#include "store/disk/posix_file_system.h"

// ship_once DIRECTORY URL: ships all that the store has, and ends. To be killed on the way.
int main(int argc, char** argv) {
  if (argc != 3) return 2;
  auto plan = tally::shipper::plan_sink(argv[2]);
  if (!plan) {
    std::fprintf(stderr, "%s\n", plan.error().context.c_str());
    return 2;
  }
  tally::store::PosixFileSystem files;
  const tally::SystemClock clock;
  tally::shipper::Shipper shipper(files, clock, argv[1], plan.value().options,
                                  plan.value().factory);
  const auto shipped = shipper.run_once();
  if (shipped) return 0;
  std::fprintf(stderr, "%s\n", shipped.error().context.c_str());
  return 1;
}
