# snippet_program(NAME SOURCES … [STANDINS …] [LIBRARIES …] [ARGUMENTS …])
#
# A program of the snippet's folder ${SNIPPET}, under the address and undefined behaviour sanitizers,
# and a test that runs it there. STANDINS are folders of tests/cpp/standins.
function(snippet_program NAME)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;STANDINS;LIBRARIES;ARGUMENTS")
  list(TRANSFORM ARG_STANDINS PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/standins/")
  strict_program(
    ${NAME}
    SOURCES ${ARG_SOURCES}
    INCLUDES "${SNIPPET}" ${ARG_STANDINS}
    FLAGS -O1
    SANITIZER memory
    LIBRARIES ${ARG_LIBRARIES})
  add_test(NAME ${NAME} COMMAND ${NAME} ${ARG_ARGUMENTS} WORKING_DIRECTORY "${SNIPPET}")
  set_tests_properties(${NAME} PROPERTIES LABELS "snippet")
endfunction()
