# What lwtnn installs for CMake's find_package: here the headers are all of the library.
add_library(lwtnn::lwtnn INTERFACE IMPORTED)
set_target_properties(lwtnn::lwtnn PROPERTIES
  INTERFACE_INCLUDE_DIRECTORIES "${CMAKE_CURRENT_LIST_DIR}/..")
