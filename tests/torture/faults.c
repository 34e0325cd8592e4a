/* Preloaded into a process of the tests: from a chosen moment on, writing below one folder goes wrong.
 *
 * faults_arm(folder, kind, nth, seed) begins to count what is asked of the disk below `folder`; at the N-th time the
 * fault of `kind` happens. A power cut takes back everything that the disk was not yet told to keep: of a file what was
 * written since its last fsync, of a folder the names made, changed and removed since its own.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { COUNT, FULL, FAULT, SHORT, SYNC_FAULT, UNLINK_FAULT, KILL, CUT_ALL, CUT_SOME };
enum { WRITE = 1, SYNC = 2, NAME = 4 };

static char folder[PATH_MAX];
static size_t folder_length;
static int kind = COUNT, is_armed, has_fired;
static long nth, seen;

/* What a power cut would take back, in the order in which it was done. */
enum { DATA, MADE, REMOVED, RENAMED };
struct change {
    int what, is_kept, fd;
    dev_t device;
    ino_t inode;
    off_t offset, size;
    size_t length;
    char *before, *name, *aside;
};
static struct change *changes;
static size_t change_count, change_room;

#define REAL(type, name, ...) ((type(*)(__VA_ARGS__)) dlsym(RTLD_NEXT, #name))

static int is_below(const char *path) {
    char whole[PATH_MAX];
    if (path[0] != '/') {
        if (!getcwd(whole, sizeof whole)) return 0;
        strncat(whole, "/", sizeof whole - strlen(whole) - 1);
        strncat(whole, path, sizeof whole - strlen(whole) - 1);
        path = whole;
    }
    return !strncmp(path, folder, folder_length) && path[folder_length] == '/';
}

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return 1;
}

static int is_watched(int fd) {
    char path[PATH_MAX];
    return is_armed && path_of(fd, path) && (is_below(path) || !strcmp(path, folder));
}

static struct change *note(int what) {
    if (change_count == change_room) {
        change_room = change_room ? 2 * change_room : 256;
        changes = realloc(changes, change_room * sizeof *changes);
    }
    struct change *made = &changes[change_count++];
    memset(made, 0, sizeof *made);
    made->what = what;
    made->fd = -1;
    return made;
}

static void note_data(int fd, off_t offset, size_t length) {
    struct stat now;
    if (kind < CUT_ALL || fstat(fd, &now)) return;
    char path[PATH_MAX];
    struct change *made = note(DATA);
    made->device = now.st_dev;
    made->inode = now.st_ino;
    made->offset = offset;
    made->size = now.st_size;
    made->before = malloc(length ? length : 1);
    /* Never closed: that would let go of every lock that this process has on the file. */
    for (size_t at = 0; at + 1 < change_count; at++)
        if (changes[at].what == DATA && changes[at].device == now.st_dev && changes[at].inode == now.st_ino)
            made->fd = changes[at].fd;
    if (made->fd < 0 && path_of(fd, path)) made->fd = REAL(int, open64, const char *, int, ...)(path, O_RDWR);
    ssize_t got = made->fd < 0 ? 0 : pread(made->fd, made->before, length, offset);
    made->length = got > 0 ? (size_t) got : 0;
}

static char *set_aside(const char *path) {
    static int number;
    char aside[PATH_MAX];
    snprintf(aside, sizeof aside, "%.4000s.undone-%d-%d", path, (int) getpid(), number++);
    return REAL(int, link, const char *, const char *)(path, aside) ? NULL : strdup(aside);
}

static void note_name(int what, const char *path, const char *target) {
    if (kind < CUT_ALL) return;
    char *aside = what == REMOVED ? set_aside(path) : what == RENAMED ? set_aside(target) : NULL;
    struct change *made = note(what);
    made->name = strdup(path);
    made->aside = aside;
    made->before = target ? strdup(target) : NULL;
}

static void keep(int fd) {
    struct stat now;
    if (kind < CUT_ALL || fstat(fd, &now)) return;
    for (size_t at = 0; at < change_count; at++) {
        struct change *one = &changes[at];
        if (one->is_kept) continue;
        if (one->what == DATA)
            one->is_kept = one->device == now.st_dev && one->inode == now.st_ino;
        else if (S_ISDIR(now.st_mode)) {
            one->is_kept = 1; /* all names are in this one folder */
            if (one->aside) REAL(int, unlink, const char *)(one->aside);
        }
    }
}

static void take_back(struct change *one) {
    if (one->what == DATA && one->fd >= 0) {
        if (one->length) REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t)(one->fd, one->before, one->length, one->offset);
        struct stat now;
        if (!fstat(one->fd, &now) && now.st_size > one->size)
            REAL(int, ftruncate64, int, off64_t)(one->fd, one->size);
    } else if (one->what == MADE) {
        REAL(int, unlink, const char *)(one->name);
    } else if (one->what == REMOVED && one->aside) {
        REAL(int, rename, const char *, const char *)(one->aside, one->name);
    } else if (one->what == RENAMED) {
        REAL(int, rename, const char *, const char *)(one->before, one->name);
        if (one->aside) REAL(int, rename, const char *, const char *)(one->aside, one->before);
    }
}

void faults_cut(void) {
    is_armed = 0;
    for (size_t at = change_count; at-- > 0;) {
        struct change *one = &changes[at];
        int is_lost = !one->is_kept && (kind == CUT_ALL || rand() % 2);
        if (is_lost) take_back(one);
        else if (one->aside) REAL(int, unlink, const char *)(one->aside);
    }
    raise(SIGKILL);
}

void faults_arm(const char *below, int of_kind, long at, unsigned seed) {
    strncpy(folder, below, sizeof folder - 1);
    folder_length = strlen(folder);
    kind = of_kind;
    nth = at;
    seen = has_fired = 0;
    srand(seed);
    is_armed = 1;
}

void faults_disarm(void) { is_armed = 0; }
long faults_seen(void) { return seen; }
int faults_fired(void) { return has_fired; }

/* Return whether what is asked for now must fail, with errno set; a kill or a cut does not return. */
static int fails(int asked) {
    int counts = kind == SYNC_FAULT ? asked == SYNC : kind == UNLINK_FAULT ? asked == NAME
                 : kind == FULL || kind == FAULT || kind == SHORT ? asked == WRITE : 1;
    if (!counts) return 0;
    seen++;
    /* A disk stays full until there is room; other faults pass. */
    int is_now = nth > 0 && (kind == FULL || kind == SHORT ? seen >= nth : seen == nth);
    if (!is_now || kind == COUNT) return 0;
    has_fired = 1;
    if (kind == KILL) raise(SIGKILL);
    if (kind >= CUT_ALL) faults_cut();
    errno = kind == FULL || kind == SHORT ? ENOSPC : EIO;
    return 1;
}

#define WRITING(name, sig, args, offset)                                                                               \
    ssize_t name sig {                                                                                                 \
        static ssize_t(*real) sig;                                                                                     \
        if (!real) real = dlsym(RTLD_NEXT, #name);                                                                     \
        if (is_watched(fd)) {                                                                                          \
            if (fails(WRITE)) {                                                                                        \
                if (kind != SHORT || seen != nth || n < 2) return -1;                                                  \
                n = n / 2;                                                                                             \
            }                                                                                                          \
            note_data(fd, offset, n);                                                                                  \
        }                                                                                                              \
        return real args;                                                                                              \
    }
WRITING(write, (int fd, const void *from, size_t n), (fd, from, n), lseek(fd, 0, SEEK_CUR))
WRITING(pwrite, (int fd, const void *from, size_t n, off_t at), (fd, from, n, at), at)
WRITING(pwrite64, (int fd, const void *from, size_t n, off64_t at), (fd, from, n, at), at)

#define CUTTING(name, type)                                                                                            \
    int name(int fd, type size) {                                                                                      \
        static int (*real)(int, type);                                                                                 \
        if (!real) real = dlsym(RTLD_NEXT, #name);                                                                     \
        struct stat now;                                                                                               \
        if (is_watched(fd)) {                                                                                          \
            if (fails(WRITE)) return -1;                                                                               \
            if (!fstat(fd, &now) && now.st_size > size) note_data(fd, size, now.st_size - size);                       \
        }                                                                                                              \
        return real(fd, size);                                                                                         \
    }
CUTTING(ftruncate, off_t)
CUTTING(ftruncate64, off64_t)

#define SYNCING(name)                                                                                                  \
    int name(int fd) {                                                                                                 \
        static int (*real)(int);                                                                                       \
        if (!real) real = dlsym(RTLD_NEXT, #name);                                                                     \
        if (!is_watched(fd)) return real(fd);                                                                          \
        if (fails(SYNC)) return -1;                                                                                    \
        keep(fd);                                                                                                      \
        return 0; /* this machine stays up: only a cut of ours must find it kept */                                    \
    }
SYNCING(fsync)
SYNCING(fdatasync)

int unlink(const char *path) {
    if (is_armed && is_below(path) && !access(path, F_OK)) {
        if (fails(NAME)) return -1;
        note_name(REMOVED, path, NULL);
    }
    return REAL(int, unlink, const char *)(path);
}

int rename(const char *from, const char *to) {
    if (is_armed && is_below(to)) {
        if (fails(NAME)) return -1;
        note_name(RENAMED, from, to);
    }
    return REAL(int, rename, const char *, const char *)(from, to);
}

int link(const char *from, const char *to) {
    if (is_armed && is_below(to)) {
        if (fails(NAME)) return -1;
        int done = REAL(int, link, const char *, const char *)(from, to);
        if (!done) note_name(MADE, to, NULL);
        return done;
    }
    return REAL(int, link, const char *, const char *)(from, to);
}

static void note_opened(const char *path, int flags) {
    if (is_armed && (flags & O_CREAT) && is_below(path) && access(path, F_OK)) {
        fails(0); /* a moment at which a machine may stop */
        note_name(MADE, path, NULL);
    }
}

#define OPENING(name)                                                                                                  \
    int name(const char *path, int flags, ...) {                                                                       \
        static int (*real)(const char *, int, ...);                                                                    \
        if (!real) real = dlsym(RTLD_NEXT, #name);                                                                     \
        va_list rest;                                                                                                  \
        va_start(rest, flags);                                                                                         \
        mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;                                                      \
        va_end(rest);                                                                                                  \
        note_opened(path, flags);                                                                                      \
        return real(path, flags, mode);                                                                                \
    }
OPENING(open)
OPENING(open64)
