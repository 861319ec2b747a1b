#ifndef KEYTURN_CCURL_H
#define KEYTURN_CCURL_H

#include <curl/curl.h>

// Swift can't call C functions that take a variable number of arguments, as curl_easy_setopt and its like do. There is
// one function here for each option that is used, with the type that the option's manual page names.

#define KEYTURN_SET_LONG(name, option)                                            \
    static inline CURLcode keyturn_curl_set_##name(CURL *handle, long value) {    \
        return curl_easy_setopt(handle, option, value);                           \
    }
#define KEYTURN_SET_OFFSET(name, option)                                              \
    static inline CURLcode keyturn_curl_set_##name(CURL *handle, curl_off_t value) {  \
        return curl_easy_setopt(handle, option, value);                               \
    }
#define KEYTURN_SET_TEXT(name, option)                                                \
    static inline CURLcode keyturn_curl_set_##name(CURL *handle, const char *value) { \
        return curl_easy_setopt(handle, option, value);                               \
    }
#define KEYTURN_SET_POINTER(name, option)                                       \
    static inline CURLcode keyturn_curl_set_##name(CURL *handle, void *value) { \
        return curl_easy_setopt(handle, option, value);                         \
    }
#define KEYTURN_SET_CALLBACK(name, option, type)                               \
    static inline CURLcode keyturn_curl_set_##name(CURL *handle, type value) { \
        return curl_easy_setopt(handle, option, value);                        \
    }

KEYTURN_SET_LONG(no_signal, CURLOPT_NOSIGNAL)
KEYTURN_SET_LONG(quick_exit, CURLOPT_QUICK_EXIT)
KEYTURN_SET_LONG(follow_location, CURLOPT_FOLLOWLOCATION)
KEYTURN_SET_LONG(path_as_is, CURLOPT_PATH_AS_IS)
KEYTURN_SET_LONG(http_version, CURLOPT_HTTP_VERSION)
KEYTURN_SET_LONG(http09_allowed, CURLOPT_HTTP09_ALLOWED)
KEYTURN_SET_LONG(verify_peer, CURLOPT_SSL_VERIFYPEER)
KEYTURN_SET_LONG(verify_host, CURLOPT_SSL_VERIFYHOST)
KEYTURN_SET_LONG(tls_version, CURLOPT_SSLVERSION)
KEYTURN_SET_LONG(forbid_reuse, CURLOPT_FORBID_REUSE)
KEYTURN_SET_LONG(suppress_connect_headers, CURLOPT_SUPPRESS_CONNECT_HEADERS)
KEYTURN_SET_LONG(header_options, CURLOPT_HEADEROPT)
KEYTURN_SET_LONG(authentication, CURLOPT_HTTPAUTH)
KEYTURN_SET_LONG(get, CURLOPT_HTTPGET)
KEYTURN_SET_LONG(post, CURLOPT_POST)
KEYTURN_SET_LONG(no_body, CURLOPT_NOBODY)
KEYTURN_SET_LONG(idle_limit_seconds, CURLOPT_MAXAGE_CONN)

KEYTURN_SET_OFFSET(body_size, CURLOPT_POSTFIELDSIZE_LARGE)
KEYTURN_SET_OFFSET(largest_reply, CURLOPT_MAXFILESIZE_LARGE)

KEYTURN_SET_TEXT(url, CURLOPT_URL)
KEYTURN_SET_TEXT(protocols, CURLOPT_PROTOCOLS_STR)
KEYTURN_SET_TEXT(method, CURLOPT_CUSTOMREQUEST)
KEYTURN_SET_TEXT(user_agent, CURLOPT_USERAGENT)
KEYTURN_SET_TEXT(ca_file, CURLOPT_CAINFO)
KEYTURN_SET_TEXT(ca_directory, CURLOPT_CAPATH)
KEYTURN_SET_TEXT(user_name, CURLOPT_USERNAME)
KEYTURN_SET_TEXT(password, CURLOPT_PASSWORD)
KEYTURN_SET_TEXT(aws_signature, CURLOPT_AWS_SIGV4)
KEYTURN_SET_TEXT(proxy, CURLOPT_PROXY)
KEYTURN_SET_TEXT(no_proxy, CURLOPT_NOPROXY)

/// CURLOPT_POSTFIELDS: the bytes are not copied and must live until the transfer has ended.
static inline CURLcode keyturn_curl_set_body(CURL *handle, const void *bytes) {
    return curl_easy_setopt(handle, CURLOPT_POSTFIELDS, (const char *)bytes);
}
/// CURLOPT_HTTPHEADER: the list is not copied and must live until the transfer has ended.
static inline CURLcode keyturn_curl_set_headers(CURL *handle, struct curl_slist *list) {
    return curl_easy_setopt(handle, CURLOPT_HTTPHEADER, list);
}
/// CURLOPT_ERRORBUFFER: CURL_ERROR_SIZE bytes that must live until the transfer has ended.
static inline CURLcode keyturn_curl_set_error_buffer(CURL *handle, char *buffer) {
    return curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, buffer);
}

KEYTURN_SET_CALLBACK(write_function, CURLOPT_WRITEFUNCTION, curl_write_callback)
KEYTURN_SET_CALLBACK(header_function, CURLOPT_HEADERFUNCTION, curl_write_callback)
KEYTURN_SET_CALLBACK(read_function, CURLOPT_READFUNCTION, curl_read_callback)
KEYTURN_SET_CALLBACK(seek_function, CURLOPT_SEEKFUNCTION, curl_seek_callback)
KEYTURN_SET_CALLBACK(request_function, CURLOPT_PREREQFUNCTION, curl_prereq_callback)
KEYTURN_SET_POINTER(write_data, CURLOPT_WRITEDATA)
KEYTURN_SET_POINTER(header_data, CURLOPT_HEADERDATA)
KEYTURN_SET_POINTER(read_data, CURLOPT_READDATA)
KEYTURN_SET_POINTER(seek_data, CURLOPT_SEEKDATA)
KEYTURN_SET_POINTER(request_data, CURLOPT_PREREQDATA)
KEYTURN_SET_POINTER(owner, CURLOPT_PRIVATE)

static inline CURLcode keyturn_curl_get_owner(CURL *handle, void **value) {
    return curl_easy_getinfo(handle, CURLINFO_PRIVATE, value);
}
static inline CURLcode keyturn_curl_get_http_version(CURL *handle, long *value) {
    return curl_easy_getinfo(handle, CURLINFO_HTTP_VERSION, value);
}
static inline CURLcode keyturn_curl_get_system_error(CURL *handle, long *value) {
    return curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, value);
}
static inline CURLcode keyturn_curl_get_connect_status(CURL *handle, long *value) {
    return curl_easy_getinfo(handle, CURLINFO_HTTP_CONNECTCODE, value);
}

static inline CURLMcode keyturn_curl_multi_set_kept_connections(CURLM *multi, long value) {
    return curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, value);
}
static inline CURLMcode keyturn_curl_multi_set_pipelining(CURLM *multi, long value) {
    return curl_multi_setopt(multi, CURLMOPT_PIPELINING, value);
}

/// What a finished message says; the union in CURLMsg is not pleasant to read from Swift.
static inline CURLcode keyturn_curl_message_result(const CURLMsg *message) { return message->data.result; }

// Macros with casts or several words are not seen by Swift.
static inline CURLcode keyturn_curl_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }
static inline const curl_version_info_data *keyturn_curl_version(void) { return curl_version_info(CURLVERSION_NOW); }
enum {
    keyturn_curl_auth_basic = 1 << 0,
    keyturn_curl_auth_digest = 1 << 1,
    keyturn_curl_feature_tls = CURL_VERSION_SSL,
    keyturn_curl_feature_asynchronous_dns = CURL_VERSION_ASYNCHDNS,
    keyturn_curl_feature_thread_safe = CURL_VERSION_THREADSAFE,
};
_Static_assert(keyturn_curl_auth_basic == CURLAUTH_BASIC, "CURLAUTH_BASIC");
_Static_assert(keyturn_curl_auth_digest == CURLAUTH_DIGEST, "CURLAUTH_DIGEST");

#undef KEYTURN_SET_LONG
#undef KEYTURN_SET_OFFSET
#undef KEYTURN_SET_TEXT
#undef KEYTURN_SET_POINTER
#undef KEYTURN_SET_CALLBACK

#endif
