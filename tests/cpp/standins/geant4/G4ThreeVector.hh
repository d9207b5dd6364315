// Stand-in for Geant4 11.4, CLHEP/Vector/ThreeVector.h: what our sources and tests use of it.
#pragma once

#include <cmath>

namespace CLHEP {
class Hep3Vector {
 public:
  Hep3Vector() = default;
  explicit Hep3Vector(double x, double y = 0, double z = 0) : x_(x), y_(y), z_(z) {}

  double x() const { return x_; }
  double y() const { return y_; }
  double z() const { return z_; }
  double perp() const { return std::hypot(x_, y_); }
  double mag() const { return std::sqrt(dot(*this)); }
  double phi() const { return x_ == 0 && y_ == 0 ? 0 : std::atan2(y_, x_); }
  double theta() const { return std::atan2(perp(), z_); }
  double dot(const Hep3Vector& other) const {
    return x_ * other.x_ + y_ * other.y_ + z_ * other.z_;
  }
  Hep3Vector& operator+=(const Hep3Vector& other) {
    x_ += other.x_, y_ += other.y_, z_ += other.z_;
    return *this;
  }
  Hep3Vector& operator*=(double factor) {
    x_ *= factor, y_ *= factor, z_ *= factor;
    return *this;
  }
  /// Turn the z axis to a unit vector, and the x axis into the plane of both.
  Hep3Vector& rotateUz(const Hep3Vector& axis) {
    const double up = axis.perp();
    if (up == 0) {
      if (axis.z_ < 0) x_ = -x_, z_ = -z_;
      return *this;
    }
    const Hep3Vector old = *this;
    x_ = (axis.x_ * axis.z_ * old.x_ - axis.y_ * old.y_) / up + axis.x_ * old.z_;
    y_ = (axis.y_ * axis.z_ * old.x_ + axis.x_ * old.y_) / up + axis.y_ * old.z_;
    z_ = axis.z_ * old.z_ - up * old.x_;
    return *this;
  }

 private:
  double x_ = 0, y_ = 0, z_ = 0;
};
inline Hep3Vector operator+(Hep3Vector left, const Hep3Vector& right) { return left += right; }
inline Hep3Vector operator*(Hep3Vector vector, double factor) { return vector *= factor; }
inline Hep3Vector operator*(double factor, Hep3Vector vector) { return vector *= factor; }
}  // namespace CLHEP

using G4ThreeVector = CLHEP::Hep3Vector;
