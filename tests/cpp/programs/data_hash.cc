// Prints the hash of a file from its byte FIRST on.
#include "data_hash.h"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <vector>

int main(int, char** arguments) {
  std::ifstream file(arguments[1], std::ios::binary);
  const std::vector<char> data{std::istreambuf_iterator<char>(file), {}};
  const std::size_t first = std::strtoul(arguments[2], nullptr, 10);
  std::printf("%016" PRIx64, data_hash(data.data() + first, data.size() - first));
}
