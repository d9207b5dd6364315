// Stand-in for lwtnn 2.14.1's lwtnn/InputOrder.hh.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace lwt {

/// Node names and, for each, the variables in the order of the caller.
typedef std::vector<std::pair<std::string, std::vector<std::string>>> order_t;

struct InputOrder {
  order_t scalar;
  order_t sequence;
};

}  // namespace lwt
