// Stand-in for Gaudi 36's GaudiKernel/GaudiException.h.
#pragma once

#include <exception>
#include <string>

#include "GaudiKernel/StatusCode.h"

class GaudiException : virtual public std::exception {
 public:
  GaudiException(std::string message, std::string tag, const StatusCode&)
      : message_(std::move(message)), tag_(std::move(tag)) {}

  const std::string& message() const { return message_; }
  const std::string& tag() const { return tag_; }
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  std::string message_, tag_;
};
