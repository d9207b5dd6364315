// Stand-in for Gaudi 36's GaudiKernel/MsgStream.h: keeps what was said last.
#pragma once

#include <sstream>
#include <string>

class MsgStream {
 public:
  template <class Type>
  MsgStream& operator<<(const Type& value) {
    line_ << value;
    return *this;
  }
  MsgStream& operator<<(MsgStream& (*manipulator)(MsgStream&)) { return manipulator(*this); }

  /// Ends a line.
  MsgStream& done() {
    last_ = line_.str();
    line_.str("");
    return *this;
  }
  const std::string& last() const { return last_; }

 private:
  std::ostringstream line_;
  std::string last_;
};

inline MsgStream& endmsg(MsgStream& stream) { return stream.done(); }
