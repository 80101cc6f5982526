#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace tally::bench {

// The vocabulary of the corpus. Changing any of it changes every figure measured before.

inline constexpr std::array<std::string_view, 40> kServices{
    "container-engine", "health-monitor",   "ralph-wiggum",     "aidb",
    "hybrid-router",    "nixos-docs",       "deploy-agent",     "image-updater",
    "log-collector",    "metrics-scraper",  "backup-runner",    "volume-janitor",
    "network-planner",  "ci-runner",        "edge-proxy",       "session-broker",
    "job-scheduler",    "secrets-rotator",  "batch-importer",   "report-builder",
    "mail-relay",       "search-indexer",   "cache-warmer",     "queue-drainer",
    "feature-flagger",  "payments-gateway", "order-service",    "inventory-sync",
    "user-directory",   "audit-exporter",   "tls-renewer",      "dns-updater",
    "model-server",     "vector-store",     "notebook-hub",     "data-cleaner",
    "canary-analyser",  "rollout-control",  "capacity-planner", "chaos-tester"};

enum class Operation : std::size_t {
  list,
  inspect,
  logs,
  stats,
  create,
  start,
  stop,
  restart,
  remove,
  exec,
  kill,
  image_pull,
  network_create,
  volume_create,
};

struct OperationWord {
  std::string_view name;
  unsigned weight;     ///< of 1,000
  bool has_container;  ///< false: the operation has no single target
};

inline constexpr std::array<OperationWord, 14> kOperations{{
    {"list", 190, false},
    {"inspect", 240, true},
    {"logs", 130, true},
    {"stats", 110, true},
    {"create", 35, true},
    {"start", 60, true},
    {"stop", 50, true},
    {"restart", 45, true},
    {"remove", 30, true},
    {"exec", 70, true},
    {"kill", 10, true},
    {"image_pull", 18, false},
    {"network_create", 5, false},
    {"volume_create", 7, false},
}};

inline constexpr std::array<std::string_view, 24> kStacks{
    "local-ai", "shop",    "billing", "search", "media",    "mail",    "wiki",   "forge",
    "metrics",  "logging", "auth",    "edge",   "crawler",  "lab",     "games",  "maps",
    "chat",     "backup",  "reports", "iot",    "intranet", "staging", "canary", "tenant"};

inline constexpr std::array<std::string_view, 16> kRoles{
    "web",   "api",     "worker", "postgres", "redis",   "qdrant",    "proxy", "scheduler",
    "queue", "grafana", "loki",   "minio",    "gateway", "embedding", "cron",  "sidecar"};

inline constexpr std::array<std::string_view, 12> kImages{
    "docker.io/library/postgres:16.4",    "docker.io/library/redis:7.2.5-alpine",
    "docker.io/library/nginx:1.27",       "docker.io/qdrant/qdrant:v1.11.0",
    "docker.io/grafana/grafana:11.2.0",   "docker.io/grafana/loki:3.1.1",
    "ghcr.io/example/api:2026.01.3",      "ghcr.io/example/worker:2026.01.3",
    "quay.io/minio/minio:2024-08",        "registry.example.net/edge/proxy:4.8",
    "docker.io/library/python:3.12-slim", "docker.io/library/debian:12"};

inline constexpr std::array<std::string_view, 8> kCommands{
    "pg_isready -U app",          "redis-cli ping",        "nginx -t",
    "cat /proc/1/status",         "python -m app.migrate", "ls -la /data",
    "curl -fsS localhost/health", "df -h /var/lib"};

inline constexpr std::array<std::string_view, 4> kReasons{"unhealthy", "config-change", "oom",
                                                          "scheduled"};

inline constexpr std::array<std::string_view, 4> kSignals{"SIGTERM", "SIGKILL", "SIGHUP",
                                                          "SIGUSR1"};

}  // namespace tally::bench
