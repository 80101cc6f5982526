#include "bench/nginx.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <fstream>

#include "bench/blocking_client.h"
#include "bench/cpu.h"
#include "bench/loopback_socket.h"
#include "bench/require.h"

namespace tally::bench {
namespace {

constexpr double kReadySeconds = 10;
constexpr int kPollMilliseconds = 2;

// A single process: a worker of its own would outlive a master that is killed.
// {0}: the directory, {1}: the port, {2}: a user statement that root needs.
constexpr const char* kConfiguration = R"({2}
daemon off;
master_process off;
worker_rlimit_nofile 16384;
pid {0}/pid;
error_log stderr;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  client_body_temp_path {0}/body;
  proxy_temp_path {0}/proxy;
  fastcgi_temp_path {0}/fastcgi;
  uwsgi_temp_path {0}/uwsgi;
  scgi_temp_path {0}/scgi;
  server {{
    listen 127.0.0.1:{1} backlog=4096;
    location / {{ return 204; }}
  }}
}}
)";

// Debian keeps nginx where only root's PATH looks.
std::string program() {
  return ::access("/usr/sbin/nginx", X_OK) == 0 ? "/usr/sbin/nginx" : "nginx";
}

}  // namespace

Nginx::Nginx(int core) : port_(free_port()) {
  const std::string directory = directory_.path();
  const std::string configuration = directory + "/nginx.conf";
  std::ofstream(configuration) << fmt::format(kConfiguration, directory, port_,
                                              ::geteuid() == 0 ? "user root;" : "");
  process_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{program(), "-p", directory, "-c", configuration, "-e", "stderr"},
      ChildProcess::Options{.core = core, .output = directory + "/log"});
  const double deadline = wall_seconds() + kReadySeconds;
  while (!BlockingClient(port_).exchange(post_request("/", kJson, "{}"))) {
    require(wall_seconds() < deadline, "nginx does not answer (Debian package nginx-light)");
    ::poll(nullptr, 0, kPollMilliseconds);
  }
}

double Nginx::cpu_seconds() const { return process_cpu_seconds(process_->pid()); }

}  // namespace tally::bench
