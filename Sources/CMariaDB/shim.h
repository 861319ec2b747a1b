#include <mysql.h>
#include <mysqld_error.h>
#include <errmsg.h>

/* OpenSSL's, which the library is linked with (openssl/err.h). */
extern void ERR_clear_error(void);
