#pragma once

namespace detail {
/// Product that is rounded by itself: the compiler cannot fuse it with an addition.
inline float rounded_product(float a, float b) noexcept {
  float product = a * b;
#if defined(__x86_64__)
  __asm__("" : "+x"(product));
#elif defined(__aarch64__)
  __asm__("" : "+w"(product));
#endif
  return product;
}
}  // namespace detail
using detail::rounded_product;
