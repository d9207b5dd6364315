#pragma once
#include <cstddef>
#include <memory>
#include <new>

/// Floats of one thread, which begin at a multiple of 64 bytes and are zero at first.
class Floats {
 public:
  explicit Floats(std::size_t size)
      : floats_(static_cast<float*>(::operator new(size * sizeof(float), alignment))) {
    for (std::size_t k = 0; k < size; ++k) floats_[k] = 0.0F;
  }
  float* data() noexcept { return floats_.get(); }
  const float* data() const noexcept { return floats_.get(); }

 private:
  static constexpr std::align_val_t alignment{64};
  struct Release {
    void operator()(float* floats) const noexcept { ::operator delete(floats, alignment); }
  };
  std::unique_ptr<float[], Release> floats_;
};
