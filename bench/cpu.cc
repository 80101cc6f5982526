#include "bench/cpu.h"

#include <sched.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>

#include "bench/require.h"

namespace tally::bench {
namespace {

double read_clock(clockid_t clock) {
  timespec time{};
  require(clock_gettime(clock, &time) == 0, "clock_gettime");
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

std::filesystem::directory_iterator threads_of(pid_t pid) {
  return std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task");
}

}  // namespace

double thread_cpu_seconds() { return read_clock(CLOCK_THREAD_CPUTIME_ID); }

double process_cpu_seconds(pid_t pid) {
  clockid_t clock{};
  require(clock_getcpuclockid(pid, &clock) == 0, "clock_getcpuclockid");
  return read_clock(clock);
}

double wall_seconds() { return read_clock(CLOCK_MONOTONIC); }

double peak_rss_bytes(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string word; status >> word;) {
    if (word != "VmHWM:") continue;
    double kibibytes = 0;
    status >> kibibytes;
    return kibibytes * 1024;
  }
  give_up("no VmHWM in /proc");
}

double named_threads_cpu_seconds(pid_t pid, const std::string& name) {
  double seconds = 0;
  for (const auto& thread : threads_of(pid)) {
    std::string found;
    std::getline(std::ifstream(thread.path() / "comm"), found);
    if (found != name) continue;
    double nanoseconds = 0;
    std::ifstream(thread.path() / "schedstat") >> nanoseconds;
    seconds += nanoseconds * 1e-9;
  }
  return seconds;
}

std::uint64_t context_switches(pid_t pid) {
  std::uint64_t switches = 0;
  for (const auto& thread : threads_of(pid)) {
    std::ifstream status(thread.path() / "status");
    for (std::string word; status >> word;) {
      if (word != "voluntary_ctxt_switches:" && word != "nonvoluntary_ctxt_switches:") continue;
      std::uint64_t count = 0;
      status >> count;
      switches += count;
    }
  }
  return switches;
}

Cores pick_cores() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  require(sched_getaffinity(0, sizeof allowed, &allowed) == 0, "sched_getaffinity");
  Cores cores{-1, -1};
  for (int core = 0; core < CPU_SETSIZE && cores.client < 0; ++core) {
    if (!CPU_ISSET(core, &allowed)) continue;
    (cores.server < 0 ? cores.server : cores.client) = core;
  }
  if (cores.client < 0) cores.client = cores.server;
  return cores;
}

void pin_to_core(int core) {
  cpu_set_t only;
  CPU_ZERO(&only);
  CPU_SET(static_cast<std::size_t>(core), &only);
  require(sched_setaffinity(0, sizeof only, &only) == 0, "sched_setaffinity");
}

}  // namespace tally::bench
