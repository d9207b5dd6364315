# PYTHON: an interpreter that has caloexport; $CALOEXPORT_PYTHON, an active environment, or .venv.
foreach(CANDIDATE IN ITEMS "$ENV{CALOEXPORT_PYTHON}" "$ENV{VIRTUAL_ENV}/bin/python"
                           "${ROOT}/.venv/bin/python")
  if(NOT PYTHON AND EXISTS "${CANDIDATE}")
    set(PYTHON "${CANDIDATE}")
  endif()
endforeach()
if(NOT PYTHON)
  find_program(PYTHON python3 REQUIRED)
endif()
