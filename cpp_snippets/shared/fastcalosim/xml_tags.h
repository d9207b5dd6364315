// The tags of an XML file, one after the other: enough for FastCaloSim's binning.xml.
#pragma once

#include <cstddef>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace fastcalosim {

/// A tag: its name, "/Bin" for the end of a Bin, and its attributes.
struct XmlTag {
  std::string name;
  std::map<std::string, std::string> attributes;

  /// Value of an attribute; throws std::runtime_error with one line where there is none.
  const std::string& at(const std::string& attribute) const {
    const auto found = attributes.find(attribute);
    if (found != attributes.end()) return found->second;
    throw std::runtime_error("binning.xml: " + name + " has no " + attribute);
  }
  int whole(const std::string& attribute) const {
    try {
      return std::stoi(at(attribute));
    } catch (const std::logic_error&) {
      throw std::runtime_error("binning.xml: " + attribute + " of " + name + " is no number");
    }
  }
};

/// Read the tag that stands between < and >.
inline XmlTag read_tag(const std::string& text) {
  constexpr const char* spaces = " \t\r\n";
  XmlTag tag;
  std::size_t at = text.find_first_of(spaces);
  tag.name = text.substr(0, at);
  while (at != std::string::npos &&
         (at = text.find_first_not_of(spaces, at)) != std::string::npos) {
    const std::size_t equals = text.find('=', at);
    if (equals == std::string::npos) break;  // the slash of an element without content
    const std::size_t quote = text.find_first_of("\"'", equals);
    const std::size_t end = quote == std::string::npos ? quote : text.find(text[quote], quote + 1);
    if (end == std::string::npos) throw std::runtime_error("binning.xml: a value has no end");
    const std::string name = text.substr(at, equals - at);
    tag.attributes[name.substr(0, name.find_last_not_of(spaces) + 1)] =
        text.substr(quote + 1, end - quote - 1);
    at = end + 1;
  }
  return tag;
}

/// Read all tags of a file; comments and declarations are passed over.
///
/// Throws std::runtime_error with one line where the file cannot be read.
inline std::vector<XmlTag> read_tags(const std::string& path) {
  std::ifstream stream(path);
  if (!stream) throw std::runtime_error(path + ": cannot be read");
  const std::string text((std::istreambuf_iterator<char>(stream)),
                         std::istreambuf_iterator<char>());
  std::vector<XmlTag> tags;
  for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at)) {
    const std::string end = text.compare(at, 4, "<!--") == 0 ? "-->" : ">";
    const std::size_t close = text.find(end, at);
    if (close == std::string::npos) throw std::runtime_error(path + ": a tag has no end");
    if (text[at + 1] != '!' && text[at + 1] != '?') {
      tags.push_back(read_tag(text.substr(at + 1, close - at - 1)));
    }
    at = close + end.size();
  }
  return tags;
}

}  // namespace fastcalosim
