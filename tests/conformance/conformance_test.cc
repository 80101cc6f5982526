#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "ingest/validator.h"
#include "tests/conformance/known_disagreements.h"
#include "tests/ingest/event_line_generator.h"

namespace tally::tests {
namespace {

constexpr std::uint64_t kSeed = 2020'12;
constexpr int kLines = 12'000;

const std::filesystem::path kSource = TALLY_SOURCE_DIR "/tests/conformance";
const std::filesystem::path kCache = TALLY_CONFORMANCE_CACHE;

bool run(const std::string& command) { return std::system(command.c_str()) == 0; }

std::string file_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Fetches what the lock file names into the cache, unless it is there.
bool install_schema_validator() {
  const auto lock = kSource / "package-lock.json";
  if (file_text(kCache / "installed.json") == file_text(lock)) return true;
  std::filesystem::create_directories(kCache);
  for (const char* name : {"package.json", "package-lock.json", "validate_lines.mjs"}) {
    std::filesystem::copy_file(kSource / name, kCache / name,
                               std::filesystem::copy_options::overwrite_existing);
  }
  if (!run("cd '" + kCache.string() + "' && npm ci --ignore-scripts --no-audit --no-fund")) {
    return false;
  }
  return std::filesystem::copy_file(lock, kCache / "installed.json",
                                    std::filesystem::copy_options::overwrite_existing);
}

std::vector<std::string> generated_lines() {
  EventLineGenerator generator(kSeed);
  std::vector<std::string> lines;
  for (int i = 0; i < kLines; ++i) {
    lines.push_back(i % 4 == 0 ? generator.good_line() : generator.mutated_line());
  }
  std::string large = generator.good_line();
  lines.push_back(large.insert(large.find('{') + 1, std::string(66'000, ' ')));
  return lines;
}

/// What the schema says of each line; empty if it could not be asked.
std::string schema_verdicts(const std::vector<std::string>& lines) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::filesystem::copy_file(kSource / "validate_lines.mjs", kCache / "validate_lines.mjs",
                             std::filesystem::copy_options::overwrite_existing);
  std::ofstream out(kCache / "lines.hex", std::ios::binary);
  for (const std::string& line : lines) {
    for (const char c : line) {
      const auto byte = static_cast<unsigned char>(c);
      out << kHex[byte >> 4] << kHex[byte & 15];
    }
    out << '\n';
  }
  out.close();
  if (!run("cd '" + kCache.string() +
           "' && node validate_lines.mjs '" TALLY_SOURCE_DIR
           "/model/audit-event.schema.json' < lines.hex > verdicts")) {
    return {};
  }
  std::string verdicts = file_text(kCache / "verdicts");
  std::erase(verdicts, '\n');
  return verdicts;
}

/// Why the contract refuses the line; empty if it does not.
std::string reason_against(ingest::Validator& validator, std::string line) {
  const std::size_t size = line.size();
  line.resize(size + ingest::Validator::kPadding);
  const auto& verdict = validator.validate({line.data(), size}, ingest::BodyForm::object);
  return verdict.refusals.empty() ? std::string() : verdict.refusals[0].reason;
}

TEST(Conformance, AgreesWithAjvButForWhatIsListed) {
  ASSERT_TRUE(run("command -v node && command -v npm")) << "Install the packages nodejs and npm.";
  ASSERT_TRUE(install_schema_validator()) << "npm could not fetch ajv; see above.";
  const std::vector<std::string> lines = generated_lines();
  const std::string verdicts = schema_verdicts(lines);
  ASSERT_EQ(verdicts.size(), lines.size());

  SCOPED_TRACE("seed " + std::to_string(kSeed));
  ingest::Validator validator;
  std::map<std::string_view, int> uses;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string reason = reason_against(validator, lines[i]);
    const bool ours = reason.empty();
    const bool theirs = verdicts[i] == '1';
    ++uses[ours ? "accepted" : "refused"];
    if (ours == theirs) continue;
    ASSERT_FALSE(ours) << "accepted against the schema: " << lines[i];
    const auto known = std::ranges::find_if(
        known_disagreements(), [&](const auto& it) { return it.explains(lines[i], reason); });
    ASSERT_NE(known, known_disagreements().end()) << reason << "\n" << lines[i];
    ++uses[known->name];
  }
  for (const auto& [name, count] : uses) std::cout << name << ": " << count << '\n';
  for (const KnownDisagreement& known : known_disagreements()) {
    EXPECT_GT(uses[known.name], 0) << known.name << " is listed, and does not occur";
  }
}

TEST(Conformance, EveryListedDisagreementIsExplained) {
  const std::string page = file_text(kSource / "disagreements.md");
  for (const KnownDisagreement& known : known_disagreements()) {
    EXPECT_NE(page.find("| " + std::string(known.name) + " |"), page.npos) << known.name;
  }
}

}  // namespace
}  // namespace tally::tests
