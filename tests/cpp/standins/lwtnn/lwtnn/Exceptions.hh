// Stand-in for lwtnn 2.14.1's lwtnn/Exceptions.hh.
#pragma once

#include <stdexcept>
#include <string>

namespace lwt {

class LightweightNNException : public std::logic_error {
 public:
  explicit LightweightNNException(std::string problem) : std::logic_error(problem) {}
};

/// Thrown by constructors.
class NNConfigurationException : public LightweightNNException {
 public:
  using LightweightNNException::LightweightNNException;
};

/// Thrown by `compute`.
class NNEvaluationException : public LightweightNNException {
 public:
  using LightweightNNException::LightweightNNException;
};
class OutputRankException : public NNEvaluationException {
 public:
  using NNEvaluationException::NNEvaluationException;
};

}  // namespace lwt
