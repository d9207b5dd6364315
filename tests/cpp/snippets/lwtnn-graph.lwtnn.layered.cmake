snippet_program(lwtnn_graph SOURCES "${SNIPPET}/lwtnn_showers.cc" STANDINS lwtnn)
