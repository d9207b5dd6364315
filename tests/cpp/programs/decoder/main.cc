// What a generated decoder promises, at the instruction level that the environment asks for.
#include <exception>

#include "conditions.h"
#include "expect.h"
#include "memory.h"
#include "noise.h"
#include "proof.h"
#include "threads.h"
#include "weights_files.h"

int main() {
  try {
    const generator::Decoder decoder = make_decoder();
    check_proof(decoder);
    check_threads(decoder);
    check_noise(decoder);
    check_conditions(decoder);
    check_memory(decoder);
    check_weights_files();
  } catch (const std::exception& error) {
    std::printf("%s\n", error.what());
    return 2;
  }
  return failures == 0 ? 0 : 1;
}
