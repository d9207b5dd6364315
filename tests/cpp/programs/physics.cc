// Print, as hexadecimal floats, what the physics header computes for its reference showers.
#include <cstdio>
#include <functional>
#include <vector>

#include "generator.h"

namespace {
void print(const char* what, const std::vector<double>& numbers) {
  std::printf("%s", what);
  for (const double number : numbers) std::printf(" %a", number);
  std::printf("\n");
}
std::vector<double> widened(const std::vector<float>& numbers) {
  return std::vector<double>(numbers.begin(), numbers.end());
}
}  // namespace

int main() {
  for (std::size_t k = 0; k < generator::n_reference_showers; ++k) {
    const generator::ReferenceShower& one = generator::reference_showers()[k];
    std::vector<float> numbers(generator::n_latents);
    generator::latents(one.seed, one.number, numbers.data());
    print("latents", widened(numbers));
    std::vector<float> encoded(generator::n_encoded);
    generator::encode(one.conditions, encoded.data());
    print("encoded", widened(encoded));
    std::vector<float> outputs(generator::n_outputs);
    for (std::size_t cell = 0; cell < outputs.size(); ++cell) {
      outputs[cell] = static_cast<float>(cell * 37 % 101) / 101.0f;
    }
    generator::energies(one.conditions, outputs.data());
    outputs.resize(generator::n_cells);
    print("energies", widened(outputs));
  }
  for (const double origin_rad : {generator::mesh_phi_origin_rad, 0.0}) {
    std::vector<double> r, phi, z, layer;
    for (std::size_t cell = 0; cell < generator::n_cells; ++cell) {
      const generator::Position at = generator::position(cell, origin_rad);
      r.push_back(at.r_mm);
      phi.push_back(at.phi_rad);
      z.push_back(at.z_mm);
      layer.push_back(at.layer);
    }
    print("r", r);
    print("phi", phi);
    print("z", z);
    print("layer", layer);
  }
  std::vector<float> drawn(generator::n_latents);
  if (generator::draw([] { return 0.25; }, drawn.data()) != generator::Status::ok) return 1;
  print("drawn", widened(drawn));
  double (*nothing)() = nullptr;
  const std::function<double()> empty;
  if (generator::draw(nothing, drawn.data()) != generator::Status::no_noise) return 1;
  if (generator::draw(empty, drawn.data()) != generator::Status::no_noise) return 1;
  return 0;
}
