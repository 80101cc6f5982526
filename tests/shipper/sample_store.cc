#include "tests/shipper/sample_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "tests/support/sink_file.h"
#include "tests/support/store_harness.h"

namespace tally::tests {

namespace {

store::StoreOptions options_of(SampleStore::Life life, const store::Path& directory) {
  store::StoreOptions options;
  options.directory = directory;
  options.disk_percent_max = 100;
  if (life == SampleStore::Life::quiet) return options;
  options.file_bytes = 1024 * 1024;
  options.file_events_max = 1500;
  options.retention.bytes_max = 1;
  return options;
}

}  // namespace

SampleStore::SampleStore(Life life) : began_(clock_.now()) {
  const store::StoreOptions options = options_of(life, directory());
  auto opened = store::Store::open(files_, clock_, options);
  EXPECT_TRUE(opened) << opened.error().context;
  store_ = std::move(opened).value();
}

void SampleStore::keep_for(const std::string& sink) {
  const auto put = put_sink_file(files_, store::StorePaths(directory()), id(), sink,
                                 advance(kFirstSequence, size_));
  ASSERT_TRUE(put) << put.error().context;
}

void SampleStore::add(std::uint64_t count) {
  constexpr std::uint64_t kTogether = 1000;
  while (count > 0) {
    std::vector<std::string> lines;
    while (lines.size() < std::min(count, kTogether))
      lines.push_back(line(size_ + lines.size() + 1));
    const auto committed = submit_and_wait(*store_, make_batch(lines, clock_.now()));
    ASSERT_TRUE(committed) << committed.error().context;
    size_ += lines.size();
    count -= lines.size();
  }
}

void SampleStore::add_line(const std::string& line) {
  const auto committed = submit_and_wait(*store_, make_batch({line}, clock_.now()));
  ASSERT_TRUE(committed) << committed.error().context;
  ++size_;
}

std::string SampleStore::line(std::uint64_t number) {
  const std::string container = number % 8 == 0 ? "null" : '"' + key(number) + '"';
  return R"({"timestamp": ")" + std::string(kTime) +
         R"(", "service": "engine", "operation": "start", "container": )" + container +
         R"(, "success": true, "error": null, "metadata": {"count": )" + std::to_string(number) +
         "}}";
}

std::string SampleStore::key(std::uint64_t number) {
  return number % 8 == 0 ? "engine" : "container-" + std::to_string(number % kContainers);
}

shipper::SinkContext SampleStore::context(const std::string& name, std::stop_token stop) {
  return {&files_, &clock_, store::StorePaths(directory()), store_->id(), name, std::move(stop)};
}

std::unique_ptr<shipper::Shipper> SampleStore::ship_to(const std::string& url) {
  return ship_to(plan_of(url));
}

std::unique_ptr<shipper::Shipper> SampleStore::ship_to(shipper::SinkPlan plan) {
  plan.options.linger = std::chrono::milliseconds(20);
  plan.options.retry_first = std::chrono::milliseconds(1);
  plan.options.retry_most = std::chrono::milliseconds(10);
  return std::make_unique<shipper::Shipper>(files_, clock_, directory(), plan.options,
                                            std::move(plan.factory));
}

Error SampleStore::refusal(const std::string& url) {
  const shipper::SinkPlan plan = plan_of(url);
  const auto sink = plan.factory(context(plan.options.name));
  if (!sink) return sink.error();
  const auto began = sink.value()->begin({kFirstSequence, ""});
  EXPECT_FALSE(began);
  return began ? Error{} : began.error();
}

shipper::SinkPlan plan_of(const std::string& url) {
  auto plan = shipper::plan_sink(url);
  EXPECT_TRUE(plan) << plan.error().context;
  return std::move(plan).value();
}

}  // namespace tally::tests
