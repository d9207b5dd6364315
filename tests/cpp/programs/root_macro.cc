// What ROOT does with a macro: include it, and call the function of its name.
#include "shower_hits.C"

int main(int count, char** words) {
  const double energy_mev = count > 2 ? std::stod(words[2]) : 50000.0;
  return count > 3 ? shower_hits(3, energy_mev, words[1], 7, words[3])
                   : shower_hits(3, energy_mev, words[1], 7);
}
