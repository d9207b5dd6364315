// Stand-in for lwtnn 2.14.1's lwtnn/generic/eigen_typedefs.hh.
#pragma once

#include <Eigen/Dense>

namespace lwt {

template <class T>
using VectorX = Eigen::Matrix<T, Eigen::Dynamic, 1>;

template <class T>
using MatrixX = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;

}  // namespace lwt
