// Computes the reference showers with the decoder, without the framework.
//
// check_decoder [WEIGHTS]: prints one line, exit code 0 when all agree.

#include <cstdio>
#include <exception>
#include <string>

#include "generator.h"
#include "model_file.h"
#include "open_once.h"

namespace {

/// Compute the reference showers: "" or what differs, in one line.
std::string differences(const generator::Decoder& decoder) {
  generator::Shower shower(decoder);
  for (std::size_t k = 0; k < generator::n_reference_showers; ++k) {
    const generator::ReferenceShower& expected = generator::reference_showers()[k];
    const generator::Status status =
        decoder.sample(expected.conditions, expected.seed, expected.number, shower);
    if (status != generator::Status::ok) return generator::message(status);
    const std::string difference = generator::compare(expected, shower.energies());
    if (!difference.empty()) return "reference shower " + std::to_string(k) + ": " + difference;
  }
  return {};
}

}  // namespace

int main(int count, char** words) {
  const std::string path = count > 1 ? words[1] : model_file;
  try {
    const std::string difference = differences(*open_once<generator::Decoder>(path));
    if (!difference.empty()) {
      std::fprintf(stderr, "%s\n", difference.c_str());
      return 1;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  std::printf("%zu of %zu reference showers agree (%s)\n", generator::n_reference_showers,
              generator::n_reference_showers, generator::name);
  return 0;
}
