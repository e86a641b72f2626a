# Debian 12 packages, each found once here and named dep_* for rooms to link.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
function(pkg_dependency name module)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET GLOBAL ${module})
  add_library(dep_${name} INTERFACE)
  target_link_libraries(dep_${name} INTERFACE PkgConfig::${name})
endfunction()

pkg_dependency(icu icu-i18n)
pkg_dependency(crypto libcrypto)
pkg_dependency(zip libzip)
pkg_dependency(expat expat)
pkg_dependency(xlsxwriter xlsxwriter)
pkg_dependency(freexl freexl)
pkg_dependency(yaml yaml-cpp)
pkg_dependency(sqlite sqlite3)

find_library(CMARK_GFM cmark-gfm REQUIRED)
find_library(CMARK_GFM_EXTENSIONS cmark-gfm-extensions REQUIRED)
add_library(dep_cmark INTERFACE)
target_link_libraries(dep_cmark INTERFACE ${CMARK_GFM_EXTENSIONS} ${CMARK_GFM})

find_library(INTEL_RDFP NAMES libbidgcc000.a REQUIRED)
add_library(dep_rdfp INTERFACE)
target_link_libraries(dep_rdfp INTERFACE ${INTEL_RDFP})


find_package(CLI11 REQUIRED)
add_library(dep_cli11 INTERFACE)
target_link_libraries(dep_cli11 INTERFACE CLI11::CLI11)

find_package(Boost 1.81 REQUIRED)
add_library(dep_boost INTERFACE)
target_link_libraries(dep_boost INTERFACE Boost::headers Threads::Threads)
target_compile_definitions(dep_boost INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION)

# Tests are built where their packages are installed (dev.d/packages.txt, stage test).
find_library(RAPIDCHECK rapidcheck)
pkg_check_modules(gtest IMPORTED_TARGET GLOBAL gtest_main)
if(gtest_FOUND AND RAPIDCHECK)
  set(TENGLONG_TESTS ON)
  add_library(dep_gtest INTERFACE)
  target_link_libraries(dep_gtest INTERFACE PkgConfig::gtest)
  add_library(dep_rapidcheck INTERFACE)
  target_link_libraries(dep_rapidcheck INTERFACE ${RAPIDCHECK})
else()
  set(TENGLONG_TESTS OFF)
endif()
