#include "store/store_id.h"

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <algorithm>

namespace tally::store {

StoreId StoreId::random() {
  const boost::uuids::uuid uuid = boost::uuids::random_generator()();
  StoreId id;
  std::copy(uuid.begin(), uuid.end(), id.bytes.begin());
  return id;
}

std::string to_string(const StoreId& id) {
  boost::uuids::uuid uuid;
  std::copy(id.bytes.begin(), id.bytes.end(), uuid.begin());
  return boost::uuids::to_string(uuid);
}

}  // namespace tally::store
