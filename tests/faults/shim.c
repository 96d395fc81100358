/* Faults at the calls that change files, and a trace of them, for tests of what survives.

   Preloaded (LD_PRELOAD) into a process, it sees each call of the C library that changes a file
   or folder below the watched one, counts it, and at the call that was chosen kills the
   process, makes the call fail, or writes only a part. What is to happen stands in a file that
   all processes of a run map (SOU_FAULTS_CONTROL; laid out as `Control` in shim.py says).

   Calls that go past the C library's names (its own fopen, a mapped file) are not seen; that a
   trace, played again, gives the very folder that the run left is how the tests know that there
   are none. Nothing here allocates: it runs between vfork and exec too. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind {
    CREATE = 1, WRITE = 2, SYNC = 4, RENAME = 8, LINK = 16, UNLINK = 32,
    MKDIR = 64, RMDIR = 128, TRUNCATE = 256, CLOSE = 512, READ = 1024, LOOK = 2048,
};
enum action { NOTHING, KILL, FAIL, SHORT, TORN };

struct control {
    uint64_t calls;    /* counted so far */
    uint64_t at;       /* the first call that is to go wrong; counted from 1, 0 for none */
    uint64_t injected; /* calls that went wrong */
    uint32_t action;
    uint32_t error;    /* the errno of FAIL */
    uint32_t onwards;  /* all calls from there on go wrong */
    uint32_t kinds;    /* the kinds that are counted */
    uint32_t tracing;
    uint32_t hit_kind; /* and its kind */
    uint32_t busy;     /* held while a traced call is made and written down */
    char watched[512];
    char log[512];
    char hit[512];     /* the path of the first call that went wrong */
};

struct entry { /* of the log; two paths and the bytes written follow */
    uint32_t kind, process;
    uint64_t file, offset, length;
    uint32_t fresh, path, other, failed;
};

static struct control *control;

#define REAL(name) ((__typeof__(name) *)real_of(&real_##name, #name))
#define HAVE(name) static void *real_##name

static void *real_of(void **kept, const char *name) {
    if (!*kept) *kept = dlsym(RTLD_NEXT, name);
    return *kept;
}

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("SOU_FAULTS_CONTROL");
    if (!path) return;
    int file = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
    if (file < 0) return;
    void *map = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    syscall(SYS_close, file);
    if (map != MAP_FAILED) control = map;
}

static int watched(const char *path) {
    size_t n = strlen(control->watched);
    return n && !strncmp(path, control->watched, n) && (path[n] == '/' || !path[n]);
}

/* The absolute path of a name, of which the last part need not exist. */
static int absolute(int folder, const char *name, char *path) {
    char base[PATH_MAX] = "";
    if (!control || !name) return 0;
    if (name[0] != '/') {
        if (folder == AT_FDCWD) {
            if (syscall(SYS_getcwd, base, sizeof base) < 0) return 0;
        } else {
            char link[64];
            snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
            ssize_t n = syscall(SYS_readlinkat, AT_FDCWD, link, base, sizeof base - 1);
            if (n < 0) return 0;
            base[n] = 0;
        }
    }
    if (snprintf(path, PATH_MAX, "%s%s%s", base, *base ? "/" : "", name) >= PATH_MAX) return 0;
    /* "a/./b", "a/../b" and a slash at the end; links are left as they are */
    char *out = path;
    for (char *in = path; *in;) {
        if (in[0] == '/' && (in[1] == '/' || !in[1])) in++;
        else if (in[0] == '/' && in[1] == '.' && (in[2] == '/' || !in[2])) in += 2;
        else if (!strncmp(in, "/..", 3) && (in[3] == '/' || !in[3])) {
            in += 3;
            while (out > path && *--out != '/') {}
        }
        else *out++ = *in++;
    }
    *out = 0;
    return watched(path);
}

static int path_of(int file, char *path) {
    char link[64];
    if (!control || file < 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t n = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    if (n <= 0 || path[0] != '/') return 0;
    path[n] = 0;
    return watched(path);
}

/* Count a call; return what is to become of it. */
static enum action count(enum kind kind, const char *path) {
    if (!(control->kinds & kind)) return NOTHING;
    uint64_t call = __atomic_add_fetch(&control->calls, 1, __ATOMIC_SEQ_CST);
    if (!control->at || call < control->at) return NOTHING;
    if (call > control->at && !control->onwards) return NOTHING;
    if (__atomic_add_fetch(&control->injected, 1, __ATOMIC_SEQ_CST) == 1) {
        control->hit_kind = kind;
        snprintf(control->hit, sizeof control->hit, "%s", path);
    }
    if (control->action == KILL) {
        syscall(SYS_kill, getpid(), SIGKILL);
        for (;;) pause();
    }
    if (control->action == FAIL) errno = control->error;
    if (control->action >= SHORT && kind != WRITE) return NOTHING;
    return control->action;
}

static void lock(void) {
    if (!control->tracing) return;
    while (__atomic_exchange_n(&control->busy, 1, __ATOMIC_ACQUIRE)) usleep(50);
}

static void unlock(void) {
    if (control->tracing) __atomic_store_n(&control->busy, 0, __ATOMIC_RELEASE);
}

static void record(enum kind kind, uint64_t file, int fresh, const char *path, const char *other,
                   uint64_t offset, uint64_t length, const struct iovec *parts, int number) {
    if (!control->tracing) return;
    int kept = errno;
    struct entry entry = {kind, getpid(), file, offset, length, fresh,
                          strlen(path), strlen(other), 0};
    struct iovec out[3 + 64] = {{&entry, sizeof entry},
                                {(void *)path, entry.path}, {(void *)other, entry.other}};
    uint64_t left = parts ? length : 0;
    int n = 3;
    for (int i = 0; i < number && left && n < 3 + 64; i++) {
        uint64_t size = parts[i].iov_len < left ? parts[i].iov_len : left;
        out[n++] = (struct iovec){parts[i].iov_base, size};
        left -= size;
    }
    int log = syscall(SYS_openat, AT_FDCWD, control->log,
                      O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    syscall(SYS_writev, log, out, n);
    syscall(SYS_close, log);
    errno = kept;
}

static uint64_t file_of(int file) {
    struct stat status;
    return fstat(file, &status) ? 0 : status.st_ino;
}

static uint64_t file_at(const char *path) {
    struct stat status;
    return lstat(path, &status) ? 0 : status.st_ino;
}

/* open: creating and emptying files counts, looking at them only where it is asked for. */

static int opened(int folder, const char *name, int flags, mode_t mode) {
    char path[PATH_MAX];
    if (!absolute(folder, name, path))
        return syscall(SYS_openat, folder, name, flags, mode);
    uint64_t before = file_at(path);
    int creates = (flags & O_CREAT) && !before;
    int empties = (flags & O_TRUNC) && before;
    enum action action = count(creates ? CREATE : empties ? TRUNCATE : LOOK, path);
    if (action == FAIL) return -1;
    if (!creates && !empties) return syscall(SYS_openat, folder, name, flags, mode);
    lock();
    int file = syscall(SYS_openat, folder, name, flags, mode);
    if (file >= 0)
        record(creates ? CREATE : TRUNCATE, file_of(file), creates, path, "", 0, 0, NULL, 0);
    unlock();
    return file;
}

#define OPEN(name)                                                                               \
    int name(const char *path, int flags, ...) {                                                 \
        va_list more;                                                                            \
        va_start(more, flags);                                                                   \
        mode_t mode = va_arg(more, mode_t);                                                      \
        va_end(more);                                                                            \
        return opened(AT_FDCWD, path, flags, mode);                                              \
    }
#define OPENAT(name)                                                                             \
    int name(int folder, const char *path, int flags, ...) {                                     \
        va_list more;                                                                            \
        va_start(more, flags);                                                                   \
        mode_t mode = va_arg(more, mode_t);                                                      \
        va_end(more);                                                                            \
        return opened(folder, path, flags, mode);                                                \
    }
OPEN(open) OPEN(open64) OPEN(__open) OPEN(__open64) OPENAT(openat) OPENAT(openat64)
int __open_2(const char *path, int flags) { return opened(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return opened(AT_FDCWD, path, flags, 0); }
int __openat_2(int folder, const char *path, int flags) { return opened(folder, path, flags, 0); }
int __openat64_2(int folder, const char *path, int flags) { return opened(folder, path, flags, 0); }
int creat(const char *path, mode_t mode) {
    return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

/* write: at `offset`, or where the file stands for -1. */

static ssize_t raw_write(int file, const struct iovec *parts, int number, int64_t offset) {
    if (offset < 0) return syscall(SYS_writev, file, parts, number);
    return syscall(SYS_pwritev, file, parts, number, (long)offset, 0L);
}

static ssize_t written(int file, const struct iovec *parts, int number, int64_t offset) {
    char path[PATH_MAX];
    if (!path_of(file, path)) return raw_write(file, parts, number, offset);
    enum action action = count(WRITE, path);
    if (action == FAIL) return -1;
    struct iovec half = parts[0];
    if (action >= SHORT) { /* of what is written, half of the first part */
        half.iov_len = half.iov_len > 1 ? half.iov_len / 2 : half.iov_len;
        parts = &half;
        number = 1;
    }
    lock();
    ssize_t done = raw_write(file, parts, number, offset);
    if (done > 0) {
        int64_t at = offset < 0 ? syscall(SYS_lseek, file, 0, SEEK_CUR) - done : offset;
        record(WRITE, file_of(file), 0, path, "", at, done, parts, number);
    }
    unlock();
    if (action == TORN) {
        syscall(SYS_kill, getpid(), SIGKILL);
        for (;;) pause();
    }
    return done;
}

static ssize_t written_one(int file, const void *data, size_t size, int64_t offset) {
    struct iovec part = {(void *)data, size};
    return written(file, &part, 1, offset);
}

ssize_t write(int file, const void *data, size_t size) { return written_one(file, data, size, -1); }
ssize_t __write(int file, const void *data, size_t size) { return write(file, data, size); }
ssize_t pwrite(int file, const void *data, size_t size, off_t at) {
    return written_one(file, data, size, at);
}
ssize_t pwrite64(int file, const void *data, size_t size, off64_t at) {
    return written_one(file, data, size, at);
}
ssize_t __pwrite64(int file, const void *data, size_t size, off64_t at) {
    return written_one(file, data, size, at);
}
ssize_t writev(int file, const struct iovec *parts, int number) {
    return written(file, parts, number, -1);
}
ssize_t pwritev(int file, const struct iovec *parts, int number, off_t at) {
    return written(file, parts, number, at);
}
ssize_t pwritev64(int file, const struct iovec *parts, int number, off64_t at) {
    return written(file, parts, number, at);
}
ssize_t pwritev2(int file, const struct iovec *parts, int number, off_t at, int flags) {
    (void)flags;
    return written(file, parts, number, at);
}
ssize_t pwritev64v2(int file, const struct iovec *parts, int number, off64_t at, int flags) {
    (void)flags;
    return written(file, parts, number, at);
}

/* Reading counts only where it is asked for. */

#define READS(name, declared, used)                                                              \
    HAVE(name);                                                                                  \
    ssize_t name declared {                                                                      \
        char path[PATH_MAX];                                                                     \
        if (control && (control->kinds & READ) && path_of(file, path) && count(READ, path) == FAIL)    \
            return -1;                                                                           \
        return REAL(name) used;                                                                  \
    }
READS(read, (int file, void *data, size_t size), (file, data, size))
READS(pread, (int file, void *data, size_t size, off_t at), (file, data, size, at))
READS(pread64, (int file, void *data, size_t size, off64_t at), (file, data, size, at))
READS(readv, (int file, const struct iovec *parts, int number), (file, parts, number))
READS(preadv, (int file, const struct iovec *parts, int number, off_t at), (file, parts, number, at))
READS(preadv64, (int file, const struct iovec *parts, int number, off64_t at),
      (file, parts, number, at))

/* fsync, close and ftruncate */

static int synced(int file, long call) {
    char path[PATH_MAX];
    if (!path_of(file, path)) return syscall(call, file);
    if (count(SYNC, path) == FAIL) return -1;
    lock();
    int done = syscall(call, file);
    if (!done) record(SYNC, file_of(file), 0, path, "", 0, 0, NULL, 0);
    unlock();
    return done;
}
int fsync(int file) { return synced(file, SYS_fsync); }
int fdatasync(int file) { return synced(file, SYS_fdatasync); }

int close(int file) {
    char path[PATH_MAX];
    if (control && (control->kinds & CLOSE) && path_of(file, path)
        && (syscall(SYS_fcntl, file, F_GETFL) & O_ACCMODE) != O_RDONLY && count(CLOSE, path) == FAIL) {
        syscall(SYS_close, file); /* the descriptor is gone whatever close says */
        return -1;
    }
    return syscall(SYS_close, file);
}

static int cut(int file, off64_t size) {
    char path[PATH_MAX];
    if (!path_of(file, path)) return syscall(SYS_ftruncate, file, size);
    if (count(TRUNCATE, path) == FAIL) return -1;
    lock();
    int done = syscall(SYS_ftruncate, file, size);
    if (!done) record(TRUNCATE, file_of(file), 0, path, "", size, 0, NULL, 0);
    unlock();
    return done;
}
int ftruncate(int file, off_t size) { return cut(file, size); }
int ftruncate64(int file, off64_t size) { return cut(file, size); }

static int cut_at(const char *name, off64_t size) {
    char path[PATH_MAX];
    if (!absolute(AT_FDCWD, name, path)) return syscall(SYS_truncate, name, size);
    if (count(TRUNCATE, path) == FAIL) return -1;
    lock();
    int done = syscall(SYS_truncate, name, size);
    if (!done) record(TRUNCATE, file_at(path), 0, path, "", size, 0, NULL, 0);
    unlock();
    return done;
}
int truncate(const char *name, off_t size) { return cut_at(name, size); }
int truncate64(const char *name, off64_t size) { return cut_at(name, size); }

/* Entries of folders */

static int moved(int from, const char *old, int to, const char *new, unsigned flags) {
    char path[PATH_MAX], other[PATH_MAX];
    int one = absolute(from, old, path), two = absolute(to, new, other);
    if (!one && !two) return syscall(SYS_renameat2, from, old, to, new, flags);
    if (count(RENAME, other) == FAIL) return -1;
    lock();
    int done = syscall(SYS_renameat2, from, old, to, new, flags);
    if (!done) record(RENAME, file_at(other), 0, path, other, flags, 0, NULL, 0);
    unlock();
    return done;
}
int rename(const char *old, const char *new) { return moved(AT_FDCWD, old, AT_FDCWD, new, 0); }
int renameat(int from, const char *old, int to, const char *new) {
    return moved(from, old, to, new, 0);
}
int renameat2(int from, const char *old, int to, const char *new, unsigned flags) {
    return moved(from, old, to, new, flags);
}

static int linked(int from, const char *old, int to, const char *new, int flags) {
    char path[PATH_MAX], other[PATH_MAX];
    absolute(from, old, path);
    if (!absolute(to, new, other)) return syscall(SYS_linkat, from, old, to, new, flags);
    if (count(LINK, other) == FAIL) return -1;
    lock();
    int done = syscall(SYS_linkat, from, old, to, new, flags);
    if (!done) record(LINK, file_at(other), 0, path, other, 0, 0, NULL, 0);
    unlock();
    return done;
}
int link(const char *old, const char *new) { return linked(AT_FDCWD, old, AT_FDCWD, new, 0); }
int linkat(int from, const char *old, int to, const char *new, int flags) {
    return linked(from, old, to, new, flags);
}

static int removed(int folder, const char *name, int flags) {
    char path[PATH_MAX];
    if (!absolute(folder, name, path)) return syscall(SYS_unlinkat, folder, name, flags);
    enum kind kind = flags & AT_REMOVEDIR ? RMDIR : UNLINK;
    if (count(kind, path) == FAIL) return -1;
    lock();
    uint64_t file = file_at(path);
    int done = syscall(SYS_unlinkat, folder, name, flags);
    if (!done) record(kind, file, 0, path, "", 0, 0, NULL, 0);
    unlock();
    return done;
}
int unlink(const char *name) { return removed(AT_FDCWD, name, 0); }
int unlinkat(int folder, const char *name, int flags) { return removed(folder, name, flags); }
int rmdir(const char *name) { return removed(AT_FDCWD, name, AT_REMOVEDIR); }

static int made(int folder, const char *name, mode_t mode) {
    char path[PATH_MAX];
    if (!absolute(folder, name, path)) return syscall(SYS_mkdirat, folder, name, mode);
    if (count(MKDIR, path) == FAIL) return -1;
    lock();
    int done = syscall(SYS_mkdirat, folder, name, mode);
    if (!done) record(MKDIR, file_at(path), 1, path, "", 0, 0, NULL, 0);
    unlock();
    return done;
}
int mkdir(const char *name, mode_t mode) { return made(AT_FDCWD, name, mode); }
int mkdirat(int folder, const char *name, mode_t mode) { return made(folder, name, mode); }
