// Runs a fuzz target over the files of its corpus, and over mutations of them that are the same on
// every run: what a normal test run can afford of fuzzing.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int kMutationsPerFile = 500;
constexpr std::uint64_t kSeed = 20260123;

void run(const std::string& input) {
  // A copy of exactly this size, so that the address sanitizer sees every step beyond it.
  const std::vector<std::uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

/// Numbers at which lengths and counts go wrong, one byte at a time.
char interesting_byte(std::mt19937_64& random) {
  static constexpr unsigned char kBytes[] = {0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF};
  return static_cast<char>(kBytes[random() % std::size(kBytes)]);
}

void mutate(std::string& input, std::mt19937_64& random) {
  const std::size_t at = input.empty() ? 0 : random() % input.size();
  switch (input.empty() ? 0 : random() % 6) {
    case 0:
      input.insert(at, 1, static_cast<char>(random()));
      break;
    case 1:
      input[at] = static_cast<char>(input[at] ^ (1 << (random() % 8)));
      break;
    case 2:
      input[at] = interesting_byte(random);
      break;
    case 3:
      input.erase(at, 1 + random() % 8);
      break;
    case 4:
      input.insert(at, input.substr(random() % input.size(), random() % 64));
      break;
    default:
      input.resize(at);
      break;
  }
}

std::vector<std::string> read_corpus(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> inputs;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return inputs;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s CORPUS_DIRECTORY\n", argv[0]);
    return 2;
  }
  const std::vector<std::string> corpus = read_corpus(argv[1]);
  if (corpus.empty()) {
    std::fprintf(stderr, "%s: no corpus files\n", argv[1]);
    return 2;
  }
  std::mt19937_64 random(kSeed);
  for (const std::string& input : corpus) {
    run(input);
    for (int i = 0; i < kMutationsPerFile; ++i) {
      std::string mutated = input;
      for (std::uint64_t changes = 1 + random() % 4; changes > 0; --changes) {
        mutate(mutated, random);
      }
      run(mutated);
    }
  }
  std::printf("%zu files, %d mutations of each\n", corpus.size(), kMutationsPerFile);
  return 0;
}
