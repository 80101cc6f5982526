#pragma once

#include <string>

#include "store/salvage/store_salvage.h"

namespace tally::app {

/// What `tally salvage` tells for people: each file with something to tell (all of them, if
/// `verbose`), with the bytes that are damaged and the sequences that are lost; then the sum.
std::string salvage_report(const store::SalvageReport& report, bool verbose);

}  // namespace tally::app
