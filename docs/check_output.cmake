# cmake -DPROGRAM=... -DEXPECTED=... -P check_output.cmake: fails unless PROGRAM ends with 0 and
# writes to stdout what the file EXPECTED holds.
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE output RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} ended with ${result}; it wrote:\n${output}")
endif()
file(READ ${EXPECTED} expected)
if(NOT output STREQUAL expected)
  message(FATAL_ERROR "${PROGRAM} wrote:\n${output}instead of ${EXPECTED}:\n${expected}")
endif()
