// Stand-in for Gaudi 36's Gaudi/Property.h: members that job options set by their names.
#pragma once

#include <any>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>

/// What has properties: job options are set by name, and a name that nobody declared is an error.
class PropertyHolder {
 public:
  void declare(const std::string& name, std::function<void(const std::any&)> set) {
    setters_[name] = std::move(set);
  }

  /// What GaudiPython does for `tool.Name = value`.
  void set_option(const std::string& name, const std::any& value) {
    const auto found = setters_.find(name);
    if (found == setters_.end()) throw std::runtime_error("no property '" + name + "'");
    found->second(value);
  }

 private:
  std::map<std::string, std::function<void(const std::any&)>> setters_;
};

namespace Gaudi {

template <class Type>
class Property {
 public:
  Property(PropertyHolder* owner, const std::string& name, Type value, const std::string& = "")
      : value_(std::move(value)) {
    owner->declare(name, [this](const std::any& set) { value_ = std::any_cast<Type>(set); });
  }
  Property(const Property&) = delete;
  Property& operator=(const Property&) = delete;

  const Type& value() const { return value_; }

 private:
  Type value_;
};

}  // namespace Gaudi
