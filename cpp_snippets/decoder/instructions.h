#pragma once
#include <cstdlib>
#include <stdexcept>
#include <string>

/// Instructions that the network is computed with; a higher level contains the lower ones.
enum class Instructions : int { portable, avx2, avx512 };

inline constexpr const char* instructions_names[] = {"portable", "avx2", "avx512"};

inline const char* name_of(Instructions level) noexcept {
  return instructions_names[static_cast<int>(level)];
}

/// Returns the highest level of this CPU.
inline Instructions best_instructions() noexcept {
#if defined(__x86_64__) && !defined(__CLING__)  // ROOT's interpreter cannot ask the CPU
  __builtin_cpu_init();                         // a decoder may be constructed before main
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool has_avx512 =
      has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512vnni");
  if (has_avx512) return Instructions::avx512;
  if (has_avx2) return Instructions::avx2;
#endif
  return Instructions::portable;
}

/// Returns the level that CALOEXPORT_INSTRUCTIONS asks for, else the highest of this CPU.
///
/// The macro of that name decides at compile time, the environment variable at run time. Throws
/// std::runtime_error with one line for a level that does not exist or that the CPU lacks.
inline Instructions chosen_instructions() {
#if defined(CALOEXPORT_INSTRUCTIONS)
#define CALOEXPORT_TEXT_OF(name) #name
#define CALOEXPORT_TEXT(name) CALOEXPORT_TEXT_OF(name)
  const std::string asked = CALOEXPORT_TEXT(CALOEXPORT_INSTRUCTIONS);
#undef CALOEXPORT_TEXT
#undef CALOEXPORT_TEXT_OF
#else
  const char* const variable = std::getenv("CALOEXPORT_INSTRUCTIONS");
  const std::string asked = variable == nullptr ? "" : variable;
#endif
  const Instructions best = best_instructions();
  if (asked.empty()) return best;
  for (const Instructions level :
       {Instructions::portable, Instructions::avx2, Instructions::avx512}) {
    if (asked != name_of(level)) continue;
    if (level <= best) return level;
    throw std::runtime_error("CALOEXPORT_INSTRUCTIONS asks for " + asked +
                             ", the best of this CPU is " + name_of(best));
  }
  throw std::runtime_error("CALOEXPORT_INSTRUCTIONS asks for '" + asked +
                           "', known are portable, avx2 and avx512");
}
