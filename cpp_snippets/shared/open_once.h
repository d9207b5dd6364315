// One object for all threads.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>

/// Open a file once for all threads: the first that asks opens it, the last that lets go closes it.
///
/// An Opened that needs no file, because its weights are inside the program, is made without one.
template <class Opened>
std::shared_ptr<const Opened> open_once(const std::string& path) {
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<const Opened>> all;
  const std::lock_guard<std::mutex> lock(mutex);
  std::shared_ptr<const Opened> one = all[path].lock();
  if (one != nullptr) return one;
  if constexpr (std::is_constructible_v<Opened, const std::string&>) {
    one = std::make_shared<const Opened>(path);
  } else {
    one = std::make_shared<const Opened>();
  }
  all[path] = one;
  return one;
}
