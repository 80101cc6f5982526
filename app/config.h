#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "store/store.h"

namespace tally::app {

enum class LogLevel : std::uint8_t { debug, info, warn, error };

enum class LogFormat : std::uint8_t {
  automatic,  ///< text on a terminal, JSON otherwise
  text,
  json,
};

/// Everything about `tally serve` that somebody must be able to set. What nobody has a reason to
/// set is a constant where it is used. The defaults are the ones that the program has.
struct Config {
  std::string data = "./tally-data";
  std::string listen = "127.0.0.1:7514";
  std::vector<std::string> allowed_hosts;  ///< names that clients may reach the collector by
  std::vector<std::string> tail;           ///< paths or globs of files to follow
  std::vector<std::string> consume;        ///< URLs of topics to read
  std::vector<std::string> ship;           ///< URLs of sinks
  std::size_t io_threads = 0;              ///< 0: one per core
  store::Durability durability = store::Durability::disk;

  std::uint64_t journal_file_bytes = store::StoreOptions{}.file_bytes;
  std::uint64_t journal_file_events = store::StoreOptions{}.file_events_max;
  std::chrono::nanoseconds journal_file_age = store::StoreOptions{}.file_age_max;

  std::uint64_t rejected_bytes = store::StoreOptions{}.rejected_bytes_max;
  std::chrono::nanoseconds retention_age{0};  ///< 0: no limit
  std::uint64_t retention_bytes = 0;          ///< 0: no limit
  bool retention_past_sinks = false;

  std::uint64_t disk_percent = store::StoreOptions{}.disk_percent_max;
  std::size_t connections_max = 10'000;
  std::uint64_t body_memory_bytes = 32 * 1024 * 1024;  ///< of all large bodies together
  std::uint64_t queue_bytes = store::StoreOptions{}.queue_bytes_max;

  LogLevel log_level = LogLevel::info;
  LogFormat log_format = LogFormat::automatic;
};

}  // namespace tally::app
