#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace tally::bench {

/// CPU-seconds, user and system, of the calling thread.
double thread_cpu_seconds();

/// CPU-seconds, user and system, of all threads of a process so far. Nanosecond resolution, where
/// utime and stime of /proc count in hundredths of a second.
double process_cpu_seconds(pid_t pid);

/// CPU-seconds of the threads of a process that have this name, as `top -H` shows it.
double named_threads_cpu_seconds(pid_t pid, const std::string& name);

/// The most memory that the process ever held at once (VmHWM).
double peak_rss_bytes(pid_t pid);

/// How often the threads that a process has now were taken off a core, by themselves or not: an
/// idle process is so twice for each time that it wakes up at the most, and once at the least.
std::uint64_t context_switches(pid_t pid);

/// Seconds on a clock that only goes on.
double wall_seconds();

/// Where the two sides of a measurement run. With a single core both are the same.
struct Cores {
  int server = 0;
  int client = 0;
};

/// The first two cores that this process may use.
Cores pick_cores();

/// Confines the calling thread, and what it starts from now on, to one core.
void pin_to_core(int core);

}  // namespace tally::bench
