#ifndef KEYTURN_CPROCESS_H
#define KEYTURN_CPROCESS_H

/// Forbids core dumps and debuggers of the same user: prctl(PR_SET_DUMPABLE, 0), which Swift can't call because it is
/// variadic. Returns 0, or -1 with errno set.
int keyturn_forbid_dumps(void);

#endif
