// Prints the bits of latents, one line for each line of the file that it is given:
//     normal|uniform SEED SHOWER SIZE SHIFT SCALE      latents of a shower
//     pair RADIUS_WORD ANGLE_WORD                      two normals of two random words
#include "noise.h"

#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

namespace {

void print(const std::vector<float>& numbers) {
  for (const float number : numbers) {
    std::uint32_t bits;
    std::memcpy(&bits, &number, sizeof bits);
    std::printf("%08" PRIx32 " ", bits);
  }
  std::printf("\n");
}

std::vector<float> pair(std::uint32_t radius, std::uint32_t angle) {
  const noise::Pair found = noise::normals(noise::Word4{0, radius}, noise::Word4{0, angle});
  return {found.first[1], found.second[1]};
}

std::vector<float> latents(const std::string& law, std::ifstream& cases) {
  std::uint64_t seed, shower;
  std::size_t size;
  float shift, scale;
  cases >> seed >> shower >> size >> shift >> scale;
  std::vector<float> drawn(size);
  (law == "normal" ? standard_normals : standard_uniforms)(seed, shower, size, drawn.data());
  apply_law(shift, scale, size, drawn.data());
  return drawn;
}

}  // namespace

int main(int, char** arguments) {
  std::ifstream cases(arguments[1]);
  std::string what;
  while (cases >> what) {
    if (what == "pair") {
      std::uint32_t radius, angle;
      cases >> radius >> angle;
      print(pair(radius, angle));
    } else {
      print(latents(what, cases));
    }
  }
}
