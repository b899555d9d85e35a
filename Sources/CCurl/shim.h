// Typed wrappers for libcurl: curl_easy_setopt and curl_easy_getinfo are variadic, which Swift cannot call.
#ifndef REVERE_CCURL_SHIM_H
#define REVERE_CCURL_SHIM_H
#include <curl/curl.h>
#endif
