/* A disk that fails: from the FAULT_AT-th change below FAULT_PATH on, each one ends with the error FAULT_ERRNO. With FAULT_AT 0 none does.
   With FAULT_CALL only changes by that call count, such as rename.
   With FAULT_ONCE, that one alone fails, and only says so where it is a rename: it happens, as on file systems of networks.
   FAULT_TRACE takes the call and path of the first change that fails, or of all where none does. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static long number(const char *name, long otherwise)
{
    const char *text = getenv(name);
    return text ? atol(text) : otherwise;
}

/* Counts a change, and says with what it fails: 0 where it does not. */
static int fails(const char *call, const char *path)
{
    static long changes;
    const char *below = getenv("FAULT_PATH");
    const char *only = getenv("FAULT_CALL");
    if (!below || !path || strncmp(path, below, strlen(below)) != 0 || (only && strcmp(only, call) != 0))
        return 0;
    long change = __sync_add_and_fetch(&changes, 1), at = number("FAULT_AT", LONG_MAX);
    if (change == at || at == 0) {
        const char *trace = getenv("FAULT_TRACE");
        int file = trace ? openat(AT_FDCWD, trace, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
        if (file >= 0) {
            dprintf(file, "%s %s\n", call, path);
            close(file);
        }
    }
    if (at == 0 || (getenv("FAULT_ONCE") ? change != at : change < at))
        return 0;
    return (int)number("FAULT_ERRNO", ENOSPC);
}

static int file_fails(const char *call, int file)
{
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0)
        return 0;
    path[length] = 0;
    return fails(call, path);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define FAIL(error) do { int e = (error); if (e) { errno = e; return -1; } } while (0)

ssize_t write(int file, const void *from, size_t size) { FAIL(file_fails("write", file)); return REAL(write)(file, from, size); }
ssize_t pwrite(int file, const void *from, size_t size, off_t at) { FAIL(file_fails("write", file)); return REAL(pwrite)(file, from, size, at); }
ssize_t pwrite64(int file, const void *from, size_t size, off64_t at) { FAIL(file_fails("write", file)); return REAL(pwrite64)(file, from, size, at); }
ssize_t pwritev(int file, const struct iovec *from, int count, off_t at) { FAIL(file_fails("write", file)); return REAL(pwritev)(file, from, count, at); }
int mkdir(const char *path, mode_t mode) { FAIL(fails("mkdir", path)); return REAL(mkdir)(path, mode); }

int link(const char *from, const char *to) { FAIL(fails("link", to)); return REAL(link)(from, to); }

int rename(const char *from, const char *to)
{
    int error = fails("rename", to);
    if (error && !getenv("FAULT_ONCE"))
        FAIL(error);
    int renamed = REAL(rename)(from, to);
    FAIL(error);
    return renamed;
}

static int creation_fails(const char *path, int flags) { return flags & (O_WRONLY | O_RDWR | O_CREAT) ? fails("open", path) : 0; }

int open(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    FAIL(creation_fails(path, flags));
    return REAL(open)(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    FAIL(creation_fails(path, flags));
    return REAL(open64)(path, flags, mode);
}
