// Prints the instruction levels that this machine can run, as a list of CMake.
#include <cstdio>

int main() {
  std::printf("portable");
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 0;
  std::printf(";avx2");
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512vnni")) {
    std::printf(";avx512");
  }
#endif
  return 0;
}
