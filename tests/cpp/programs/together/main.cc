// Two generators in one program, each in two sources: one definition of everything, the same
// showers.
#include <cstdio>

#include "showers.h"

Showers showers_of_first_source() { return make_showers(); }

int main() {
  const Showers one = showers_of_first_source(), other = showers_of_second_source();
  const bool same = one.cylinder == other.cylinder && one.layered == other.layered;
  const bool once = one.weights == other.weights && one.message == other.message;
  std::printf("showers %s, definitions %s\n", same ? "agree" : "differ", once ? "agree" : "differ");
  return same && once ? 0 : 1;
}
