# The one place for compiler flags: every target links tally_flags.
add_library(tally_flags INTERFACE)
target_compile_features(tally_flags INTERFACE cxx_std_20)
target_compile_options(tally_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Werror
  # clang counts these among the conversions, g++ does not.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-sign-conversion>)
target_include_directories(tally_flags INTERFACE ${PROJECT_SOURCE_DIR})
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)

set(TALLY_SANITIZE "" CACHE STRING "Sanitizers: 'address,undefined' or 'thread'")
if(TALLY_SANITIZE)
  add_compile_options(-fsanitize=${TALLY_SANITIZE} -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TALLY_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # What this check puts before a coroutine, clang 14 cannot assemble.
    add_compile_options(-fno-sanitize=function)
  endif()
  # Recycled coroutine frames would hide a use after free from the sanitizers.
  add_compile_definitions(BOOST_ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING)
  if(TALLY_SANITIZE MATCHES thread)
    # Asio's fences are beside its locks, which the sanitizer sees; fences it does not understand.
    add_compile_definitions(BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
endif()

find_program(TALLY_CCACHE ccache)
if(TALLY_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${TALLY_CCACHE})
endif()
find_program(TALLY_MOLD mold)
if(TALLY_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# A module library: static, with the alias tally::NAME and the project's flags.
#   tally_library(NAME SOURCES a.cc b.cc)
function(tally_library name)
  cmake_parse_arguments(arg "" "" "SOURCES" ${ARGN})
  add_library(tally_${name} STATIC ${arg_SOURCES})
  add_library(tally::${name} ALIAS tally_${name})
  target_link_libraries(tally_${name} PUBLIC tally_flags)
endfunction()
