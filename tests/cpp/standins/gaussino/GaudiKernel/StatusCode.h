// Stand-in for Gaudi 36's GaudiKernel/StatusCode.h.
#pragma once

class StatusCode {
 public:
  enum ErrorCode { FAILURE = 0, SUCCESS = 1 };

  StatusCode(ErrorCode code) : code_(code) {}

  bool isSuccess() const { return code_ == SUCCESS; }

  /// Go on with a function, unless something has failed.
  template <class Function>
  StatusCode andThen(Function&& function) const {
    return isSuccess() ? StatusCode(function()) : *this;
  }

 private:
  ErrorCode code_;
};
