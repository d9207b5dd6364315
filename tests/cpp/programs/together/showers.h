#pragma once
#include <string>

#include "cylinder.h"
#include "layered.h"

/// Bits of some showers of both decoders, and where their weights and functions are.
struct Showers {
  std::string cylinder, layered;
  const void* weights;
  const char* (*message)(caloexport::layered::Status) noexcept;
};

Showers showers_of_first_source();
Showers showers_of_second_source();

/// Internal to each source, so that both have all of both headers to link.
namespace {
template <class Decoder, class Shower, class Conditions>
std::string bits(const Decoder& decoder, Shower& shower, Conditions conditions, std::size_t n) {
  std::string all;
  for (std::uint64_t number = 0; number < 5; ++number) {
    decoder.sample(conditions, 9, number, shower);
    all.append(reinterpret_cast<const char*>(shower.energies()), n * sizeof(float));
  }
  return all;
}

Showers make_showers() {
  namespace cylinder = caloexport::cylinder;
  namespace layered = caloexport::layered;
  const cylinder::Decoder mapped("cylinder.safetensors");
  const layered::Decoder embedded;
  cylinder::Shower first(mapped);
  layered::Shower second(embedded);
  return {bits(mapped, first, cylinder::reference_showers()[0].conditions, cylinder::n_cells),
          bits(embedded, second, layered::reference_showers()[0].conditions, layered::n_cells),
          layered::weights_words, &layered::message};
}
}  // namespace
