// Takes the artifact that a snippet was made for, and refuses other files; run in the snippet's
// folder.
#include <cstdio>
#include <exception>
#include <fstream>

#include "generator.h"

std::string difference_of_an_empty_network();

namespace {

bool is_refused(const std::string& path, const char* because) {
  try {
    generator::require_manifest(path);
  } catch (const std::exception& error) {
    const std::string told = error.what();
    const bool clear = told.find(path) != std::string::npos &&
                       told.find(because) != std::string::npos &&
                       told.find('\n') == std::string::npos;
    if (!clear) std::printf("%s is refused with: %s\n", path.c_str(), error.what());
    return clear;
  }
  std::printf("%s is taken\n", path.c_str());
  return false;
}

}  // namespace

int main() {
  generator::require_manifest(generator_artifact);
  std::ofstream("empty.json");
  std::ofstream("another.json") << R"({"manifest_sha256": "0123456789abcdef"})";
  std::ofstream("unfinished.json") << R"({"manifest_sha256": "0123456)";
  const bool refused = is_refused("missing.json", "cannot be read") &&
                       is_refused(".", "cannot be read") && is_refused("empty.json", "") &&
                       is_refused("unfinished.json", "carries no manifest hash") &&
                       is_refused("another.json", "belongs to manifest 0123456789ab") &&
                       is_refused("README.md", "carries no manifest hash");
  const std::string difference = difference_of_an_empty_network();
  std::printf("%s\n", difference.c_str());
  return refused && difference.find("reference shower 0: total energy") == 0 ? 0 : 1;
}
