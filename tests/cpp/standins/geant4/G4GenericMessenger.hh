// Stand-in for Geant4 11.4, source/intercoms/include/G4GenericMessenger.hh: methods of two words.
#pragma once

#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "G4String.hh"

namespace standin {
/// Commands of this thread, by their path.
inline std::map<std::string, std::function<void(const G4String&, const G4String&)>>& commands() {
  thread_local std::map<std::string, std::function<void(const G4String&, const G4String&)>> all;
  return all;
}
/// Run a line of a macro; false where no command has its name.
inline bool apply(const std::string& line) {
  std::istringstream words(line);
  std::string path, first, second;
  words >> path >> first >> second;
  const auto found = commands().find(path);
  if (found == commands().end()) return false;
  found->second(first, second);
  return true;
}
}  // namespace standin

class G4AnyMethod {
 public:
  template <class Type>
  G4AnyMethod(void (Type::*method)(G4String, G4String))
      : call_([method](void* object, const G4String& first, const G4String& second) {
          (static_cast<Type*>(object)->*method)(first, second);
        }) {}
  void operator()(void* object, const G4String& first, const G4String& second) const {
    call_(object, first, second);
  }

 private:
  std::function<void(void*, const G4String&, const G4String&)> call_;
};

class G4GenericMessenger {
 public:
  struct Command {};

  explicit G4GenericMessenger(void* object, const G4String& folder = "", const G4String& = "")
      : object_(object), folder_(folder) {}
  ~G4GenericMessenger() {
    for (const std::string& path : paths_) standin::commands().erase(path);
  }
  G4GenericMessenger(const G4GenericMessenger&) = delete;
  G4GenericMessenger& operator=(const G4GenericMessenger&) = delete;

  Command& DeclareMethod(const G4String& name, const G4AnyMethod& method, const G4String& = "") {
    void* const object = object_;
    standin::commands()[folder_ + name] = [object, method](const G4String& first,
                                                           const G4String& second) {
      method(object, first, second);
    };
    paths_.push_back(folder_ + name);
    return command_;
  }

 private:
  void* object_;
  std::string folder_;
  std::vector<std::string> paths_;
  Command command_;
};
