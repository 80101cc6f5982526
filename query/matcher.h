#pragma once

#include <memory>

#include "model/result.h"
#include "query/filter.h"
#include "query/scanned_event.h"
#include "store/event/event_reader.h"

namespace tally::query {

struct MatchTest;

/// A filter made ready to test events: regular expressions compiled, cheap tests before dear ones.
/// Immutable; safe from any thread.
class Matcher {
 public:
  /// Errc::invalid if a regular expression is wrong.
  static Result<Matcher> compile(const Filter& filter);
  ~Matcher();
  Matcher(Matcher&&) noexcept;
  Matcher& operator=(Matcher&&) noexcept;

  /// False for an event that turns out to be damaged.
  bool matches(ScannedEvent& event) const;

  /// The fields that matches() may ask for.
  store::FieldSet wanted() const noexcept;

 private:
  explicit Matcher(std::unique_ptr<MatchTest> root);

  std::unique_ptr<MatchTest> root_;
};

}  // namespace tally::query
