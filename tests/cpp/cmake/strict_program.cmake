# strict_program(NAME SOURCES … [INCLUDES …] [STANDARD 17] [FLAGS …] [SANITIZER none] [LIBRARIES …])
#
# An executable without a single warning. SANITIZER is none, memory (address and undefined
# behaviour, the first fault ends the program) or threads.
set(SANITIZER_FLAGS_none "")
set(SANITIZER_FLAGS_memory -g1 -fsanitize=address,undefined -fno-sanitize-recover=all)
set(SANITIZER_FLAGS_threads -g1 -fsanitize=thread)

function(strict_program NAME)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "STANDARD;SANITIZER" "SOURCES;INCLUDES;FLAGS;LIBRARIES")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "strict_program(${NAME}) does not know ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT ARG_STANDARD)
    set(ARG_STANDARD 17)
  endif()
  if(NOT ARG_SANITIZER)
    set(ARG_SANITIZER none)
  endif()
  add_executable(${NAME} ${ARG_SOURCES})
  set_target_properties(
    ${NAME} PROPERTIES CXX_STANDARD ${ARG_STANDARD} CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF)
  target_include_directories(${NAME} PRIVATE ${ARG_INCLUDES})
  target_compile_options(${NAME} PRIVATE -Wall -Wextra -Wconversion -Wshadow -Werror ${ARG_FLAGS}
                                         ${SANITIZER_FLAGS_${ARG_SANITIZER}})
  target_link_options(${NAME} PRIVATE ${SANITIZER_FLAGS_${ARG_SANITIZER}})
  target_link_libraries(${NAME} PRIVATE Threads::Threads ${ARG_LIBRARIES})
endfunction()
