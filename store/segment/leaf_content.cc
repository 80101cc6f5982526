#include "store/segment/leaf_content.h"

#include "store/field_codec.h"
#include "store/provenance_codec.h"

namespace tally::store {

void put_leaf_head(std::string& out, Sequence sequence, const Run& run, std::uint64_t offset) {
  put_fixed64(out, to_number(sequence));
  put_fixed64(out, static_cast<std::uint64_t>(run.received.time_since_epoch().count()));
  put_source_kind(out, run.kind);
  put_fixed64(out, offset);
}

void put_leaf_names(std::string& out, const Run& run) {
  put_text(out, run.source);
  put_text(out, run.client);
}

}  // namespace tally::store
