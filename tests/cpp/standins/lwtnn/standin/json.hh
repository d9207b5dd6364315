// JSON as the stand-in needs it: a tree whose leaves are text, like the one that lwtnn reads into.
#pragma once

#include <cctype>
#include <istream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace lwt {
namespace standin {

/// An object, an array (its children have no names), or the text of a string or number.
struct Json {
  std::string text;
  std::vector<std::pair<std::string, Json>> children;

  bool has(const std::string& name) const { return find(name) != nullptr; }

  const Json& at(const std::string& name) const {
    const Json* found = find(name);
    if (!found) throw std::runtime_error("No such node (" + name + ")");
    return *found;
  }

  double number() const {
    return converted<double>([](auto... a) { return std::stod(a...); });
  }
  int integer() const {
    return converted<int>([](auto... a) { return std::stoi(a...); });
  }

  std::vector<double> numbers() const {
    std::vector<double> found;
    for (const auto& child : children) found.push_back(child.second.number());
    return found;
  }

 private:
  const Json* find(const std::string& name) const {
    for (const auto& child : children) {
      if (child.first == name) return &child.second;
    }
    return nullptr;
  }

  /// The whole text as a number, which must begin as JSON's do: no NaN, no infinity.
  template <class Number, class Convert>
  Number converted(Convert convert) const {
    std::size_t read = 0;
    Number value = 0;
    const bool begins = !text.empty() && (std::isdigit(text[0]) || text[0] == '-');
    if (begins) value = convert(text, &read);
    if (!begins || read != text.size()) {
      throw std::runtime_error("conversion of data \"" + text + "\" failed");
    }
    return value;
  }
};

/// Reads one value; every fault is a std::runtime_error, which is the library's parser error, too.
class Parser {
 public:
  explicit Parser(std::string text) : text_(std::move(text)) {}

  Json document() {
    Json found = value();
    if (peek() != '\0') fail("garbage after data");
    return found;
  }

 private:
  char peek() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  void expect(char character) {
    if (peek() != character) fail(std::string("expected ") + character);
    ++at_;
  }

  Json value() {
    Json found;
    const char first = peek();
    if (first == '{') {
      list(found, '}');
    } else if (first == '[') {
      list(found, ']');
    } else if (first == '"') {
      found.text = string();
    } else {
      const std::size_t begin = at_;
      while (at_ < text_.size() &&
             (std::isalnum(text_[at_]) || std::string("+-.").find(text_[at_]) != std::string::npos))
        ++at_;
      found.text = text_.substr(begin, at_ - begin);
      if (found.text.empty()) fail("expected value");
    }
    return found;
  }

  void list(Json& found, char end) {
    ++at_;
    if (peek() == end) {
      ++at_;
      return;
    }
    while (true) {
      std::string name;
      if (end == '}') {
        if (peek() != '"') fail("expected key string");
        name = string();
        expect(':');
      }
      found.children.emplace_back(std::move(name), value());
      if (peek() == end) break;
      expect(',');
    }
    ++at_;
  }

  /// A string without escapes other than of quote and backslash.
  std::string string() {
    std::string found;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
      if (at_ < text_.size()) found += text_[at_];
    }
    if (at_ >= text_.size()) fail("unterminated string");
    ++at_;
    return found;
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error("<unspecified file>: " + what + " at byte " + std::to_string(at_));
  }

  std::string text_;
  std::size_t at_ = 0;
};

inline Json parse(std::istream& stream) {
  return Parser({std::istreambuf_iterator<char>(stream), {}}).document();
}

}  // namespace standin
}  // namespace lwt
