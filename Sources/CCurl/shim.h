// Typed wrappers for libcurl: curl_easy_setopt and curl_easy_getinfo are variadic, which Swift cannot call.
// Each takes one kind of argument; the caller picks the one that the option's documentation names.
#ifndef REVERE_CCURL_SHIM_H
#define REVERE_CCURL_SHIM_H
#include <curl/curl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

typedef size_t (*revere_curl_bytes)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode revere_curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}
// libcurl copies the string; NULL restores the default.
static inline CURLcode revere_curl_set_string(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode revere_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode revere_curl_set_bytes(CURL *handle, CURLoption option, revere_curl_bytes callback) {
  return curl_easy_setopt(handle, option, callback);
}
typedef curl_socket_t (*revere_curl_opensocket)(void *context, curlsocktype purpose, struct curl_sockaddr *address);

static inline CURLcode revere_curl_set_opensocket(CURL *handle, revere_curl_opensocket callback) {
  return curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, callback);
}
static inline CURLMcode revere_curl_multi_set_pointer(CURLM *handle, CURLMoption option, void *value) {
  return curl_multi_setopt(handle, option, value);
}
static inline CURLMcode revere_curl_multi_set_socket(CURLM *handle, curl_socket_callback callback) {
  return curl_multi_setopt(handle, CURLMOPT_SOCKETFUNCTION, callback);
}
static inline CURLMcode revere_curl_multi_set_timer(CURLM *handle, curl_multi_timer_callback callback) {
  return curl_multi_setopt(handle, CURLMOPT_TIMERFUNCTION, callback);
}
// libcurl keeps the pointer: the list lives until the transfer has ended.
static inline CURLcode revere_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *list) {
  return curl_easy_setopt(handle, option, list);
}
static inline CURLcode revere_curl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
  return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode revere_curl_get_pointer(CURL *handle, CURLINFO info, void **value) {
  return curl_easy_getinfo(handle, info, value);
}
static inline CURLMcode revere_curl_multi_set_long(CURLM *handle, CURLMoption option, long value) {
  return curl_multi_setopt(handle, option, value);
}
static inline CURLcode revere_curl_message_result(const CURLMsg *message) { return message->data.result; }
static inline CURLcode revere_curl_get_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode revere_curl_get_socket(CURL *handle, curl_socket_t *value) {
  return curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, value);
}
// Every certificate of the chain as lines `Name:value`, the relay's own first; libcurl keeps the memory.
static inline CURLcode revere_curl_get_certificates(CURL *handle, struct curl_certinfo **value) {
  return curl_easy_getinfo(handle, CURLINFO_CERTINFO, value);
}
// libcurl takes some tens of KB for every transfer and frees them after it; glibc would give them back to the kernel and
// fetch them again, page by page. What was needed once is kept, up to 64 MB.
static inline void revere_keep_freed_memory(void) {
#ifdef __GLIBC__
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}
#endif
