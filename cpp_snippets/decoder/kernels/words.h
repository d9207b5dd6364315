#pragma once
#include <cstdint>

/// A word of memory that may have been written as floats or bytes.
using Word __attribute__((may_alias)) = std::uint32_t;

// A loop whose turns are known is unrolled, so that what it indexes stands in registers: at -O2,
// compilers leave it to us to say so.
#if defined(__clang__)
#define CALOEXPORT_UNROLL _Pragma("clang loop unroll(full)")
#else
#define CALOEXPORT_UNROLL _Pragma("GCC unroll 32")
#endif
