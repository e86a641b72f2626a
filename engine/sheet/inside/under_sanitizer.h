// What the address sanitizer has to be told of the libraries that this room uses.
#pragma once
#if defined(__has_feature)
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

namespace tenglong::sheet {

// What is allocated while one of these lives is forgotten by a library and no leak of ours.
#if defined(__SANITIZE_ADDRESS__)
using ForgottenByLibrary = __lsan::ScopedDisabler;
#else
struct ForgottenByLibrary {
  ForgottenByLibrary() {}
};
#endif

}  // namespace tenglong::sheet
