// Opens the decoder of the `cylinder` and says in one line what became of it.
//
// decoder WEIGHTS            constructs, replays the proof
// decoder WEIGHTS callbacks  samples with each kind of random numbers, valid and null
// decoder WEIGHTS policies   asks for conditions beyond their range, under each policy
#include "cylinder.h"

#include <cstdio>
#include <random>

namespace cylinder = caloexport::cylinder;

namespace {
cylinder::Conditions usual() {
  cylinder::Conditions conditions;
  conditions.energy_mev = 50'000;
  conditions.theta_rad = 1.3;
  conditions.geometry = cylinder::Geometry::siw;
  return conditions;
}

double total(const cylinder::Shower& shower) {
  double sum = 0;
  for (std::size_t cell = 0; cell < cylinder::n_cells; ++cell) {
    sum += static_cast<double>(shower.energies()[cell]);
  }
  return sum;
}

double two_thirds() { return 2.0 / 3; }

void say(const char* what, cylinder::Status status, cylinder::Shower& shower) {
  double listed = 0;
  for (const cylinder::Cell& cell : shower.cells()) listed += static_cast<double>(cell.energy_mev);
  const bool same = listed == total(shower);
  std::printf("%s: %s, %s, %s\n", what, cylinder::message(status),
              total(shower) > 0 ? "energy" : "empty", same ? "cells agree" : "CELLS DIFFER");
}

void try_callbacks(const cylinder::Decoder& decoder) {
  cylinder::Shower shower(decoder);
  std::mt19937_64 engine(3);
  say("engine", decoder.sample(usual(), engine, shower), shower);
  say("lambda", decoder.sample(usual(), [] { return 0.5; }, shower), shower);
  say("function pointer", decoder.sample(usual(), &two_thirds, shower), shower);
  const std::function<double()> function = two_thirds;
  say("function object", decoder.sample(usual(), function, shower), shower);
  say("seed", decoder.sample(usual(), 7, 0, shower), shower);
  double (*pointer)() = nullptr;
  say("null pointer", decoder.sample(usual(), pointer, shower), shower);
  say("null function", decoder.sample(usual(), std::function<double()>(), shower), shower);
  say("null latents", decoder.decode(nullptr, usual(), shower), shower);
  const float latents[cylinder::n_latents] = {};
  say("latents", decoder.decode(latents, usual(), shower), shower);
}

void try_policies(const cylinder::Decoder& decoder) {
  using cylinder::OutOfRange;
  cylinder::Shower shower(decoder), at_end(decoder);
  cylinder::Conditions conditions = usual();
  conditions.theta_rad = cylinder::theta_rad_range.high;
  decoder.sample(conditions, 7, 0, at_end);
  conditions.theta_rad += 1;
  say("error", decoder.sample(conditions, 7, 0, shower), shower);
  say("clamp", decoder.sample(conditions, 7, 0, shower, OutOfRange::clamp), shower);
  std::printf("moved to the end: %s\n", total(shower) == total(at_end) ? "yes" : "no");
  say("extrapolate", decoder.sample(conditions, 7, 0, shower, OutOfRange::extrapolate), shower);
  std::printf("moved to the end: %s\n", total(shower) == total(at_end) ? "yes" : "no");
  say("nothing set", decoder.sample(cylinder::Conditions(), 7, 0, shower), shower);
  conditions = usual();
  conditions.energy_mev = -1;
  say("negative", decoder.sample(conditions, 7, 0, shower, OutOfRange::extrapolate), shower);
}
}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return 2;
  const std::string task = count > 2 ? arguments[2] : "";
  try {
    const cylinder::Decoder decoder(arguments[1]);
    if (task == "callbacks") try_callbacks(decoder);
    if (task == "policies") try_policies(decoder);
    std::string report;
    const bool agrees = decoder.selftest(report);
    std::printf("%s\n", report.c_str());
    return agrees ? 0 : 1;
  } catch (const std::runtime_error& error) {
    std::printf("%s\n", error.what());
    return 3;
  }
}
