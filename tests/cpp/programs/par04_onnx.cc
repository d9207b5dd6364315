// Par04's ONNX class as its worker threads use it, and with a macro that sets other sizes.
#include <cstdio>
#include <exception>
#include <thread>
#include <vector>

#include "Par04CheckedOnnxInference.hh"
#include "generator.h"

namespace {

std::vector<G4double> fractions_of(const char* path, std::size_t n_inputs, std::size_t n_cells) {
  Par04CheckedOnnxInference inference(path);
  std::vector<G4double> fractions;
  for (int call = 0; call < 3; ++call) {
    inference.RunInference(std::vector<float>(n_inputs, 0.25f), fractions,
                           static_cast<int>(n_cells));
  }
  return fractions;
}

void tell_refusal(const char* path, std::size_t n_inputs, std::size_t n_cells) {
  try {
    fractions_of(path, n_inputs, n_cells);
    std::printf("taken\n");
  } catch (const std::exception& error) {
    std::printf("%s\n", error.what());
  }
}

}  // namespace

int main(int, char** words) {
  const char* path = words[1];
  std::vector<G4double> alone = fractions_of(path, generator::n_inputs, generator::n_cells);
  std::vector<std::vector<G4double>> all(4);
  std::vector<std::thread> threads;
  for (std::vector<G4double>& one : all) {
    threads.emplace_back(
        [&] { one = fractions_of(path, generator::n_inputs, generator::n_cells); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::vector<G4double>& one : all) std::printf("%s\n", one == alone ? "same" : "other");
  tell_refusal(path, generator::n_inputs - 2, generator::n_cells);
  tell_refusal(path, generator::n_inputs, generator::n_cells + 1);
}
