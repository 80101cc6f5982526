#include "tests/support/fault_plan.h"

#include <string_view>
#include <utility>

namespace tally::tests {
namespace {

std::string_view name_of(OperationKind kind) noexcept {
  switch (kind) {
    case OperationKind::open:
      return "open";
    case OperationKind::create:
      return "create";
    case OperationKind::read:
      return "read";
    case OperationKind::write:
      return "write";
    case OperationKind::sync_data:
      return "sync_data";
    case OperationKind::truncate:
      return "truncate";
    case OperationKind::size:
      return "size";
    case OperationKind::drop_cache:
      return "drop_cache";
    case OperationKind::try_lock:
      return "try_lock";
    case OperationKind::locked_by_other:
      return "locked_by_other";
    case OperationKind::try_lock_range:
      return "try_lock_range";
    case OperationKind::unlock_range:
      return "unlock_range";
    case OperationKind::rename:
      return "rename";
    case OperationKind::remove:
      return "remove";
    case OperationKind::create_directory:
      return "create_directory";
    case OperationKind::sync_directory:
      return "sync_directory";
    case OperationKind::list:
      return "list";
    case OperationKind::exists:
      return "exists";
    case OperationKind::space:
      return "space";
  }
  return "unknown";
}

bool needs_descriptor(OperationKind kind) noexcept {
  switch (kind) {
    case OperationKind::open:
    case OperationKind::create:
    case OperationKind::list:
    case OperationKind::sync_directory:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool changes_storage(OperationKind kind) noexcept {
  switch (kind) {
    case OperationKind::create:
    case OperationKind::write:
    case OperationKind::sync_data:
    case OperationKind::truncate:
    case OperationKind::rename:
    case OperationKind::remove:
    case OperationKind::create_directory:
    case OperationKind::sync_directory:
      return true;
    default:
      return false;
  }
}

bool harms(FaultKind fault, const Operation& operation) noexcept {
  switch (fault) {
    case FaultKind::no_space:
      return operation.takes_space;
    case FaultKind::read_only:
      return operation.to_write || changes_storage(operation.kind);
    case FaultKind::descriptors:
      return needs_descriptor(operation.kind);
    default:
      return true;
  }
}

std::string to_string(const Operation& operation) {
  return std::string(name_of(operation.kind)) + " " + operation.path.string();
}

void FaultPlan::set(std::optional<Fault> fault) {
  fault_ = std::move(fault);
  matched_ = 0;
}

std::optional<FaultKind> FaultPlan::next(const Operation& operation) {
  trace_.push_back(operation);
  const std::optional<FaultKind> kind = decide(operation);
  if (kind == FaultKind::crash) down_ = true;
  return kind;
}

void FaultPlan::recover() {
  down_ = false;
  set(std::nullopt);
}

std::optional<FaultKind> FaultPlan::decide(const Operation& operation) {
  if (down_) return FaultKind::crash;
  if (!fault_ || (fault_->among && !fault_->among(operation))) return std::nullopt;
  ++matched_;
  const bool hit = fault_->lasting ? matched_ >= fault_->at : matched_ == fault_->at;
  if (!hit) return std::nullopt;
  if (!harms(fault_->kind, operation)) return std::nullopt;
  return fault_->kind;
}

}  // namespace tally::tests
