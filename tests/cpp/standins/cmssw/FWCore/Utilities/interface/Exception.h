// Stand-in for FWCore/Utilities/interface/Exception.h. of CMSSW (master of 2026).
#pragma once

#include <exception>
#include <sstream>
#include <string>

namespace cms {

/// The message is written with <<; what() has several lines, as in the framework.
class Exception : public std::exception {
 public:
  explicit Exception(const std::string& category) : category_(category) {}
  template <class Value>
  Exception& operator<<(const Value& value) {
    std::ostringstream text;
    text << value;
    message_ += text.str();
    what_ =
        "An exception of category '" + category_ + "' occurred.\nException Message:\n" + message_;
    return *this;
  }
  const char* what() const noexcept override { return what_.c_str(); }

 private:
  std::string category_, message_, what_;
};

}  // namespace cms
