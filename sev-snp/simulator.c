/*
 * cloister-snp-sim: stands in for the SEV guest driver and the secure processor on a machine without SEV-SNP. It mounts
 * a small filesystem, serves it in the foreground and unmounts it on SIGTERM, SIGINT or SIGHUP. Its reports are signed
 * with the key it is given; nobody who does not name that key's test root will believe them.
 */
#include "filesystem.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A mount whose server was killed answers ENOTCONN: clear it away, so that a restart at the same place works. */
static void clear_stale_mount(const char *mount) {
    struct stat ignored;
    if (stat(mount, &ignored) != 0 && errno == ENOTCONN && umount2(mount, MNT_DETACH) != 0) {
        fprintf(stderr, "%s: a dead mount cannot be removed: %m\n", mount);
    }
}

/* Waits for the followed process to end, then asks this one to end in the ordinary way. */
static void *follow(void *descriptor) {
    struct pollfd watched = {.fd = (int)(intptr_t)descriptor, .events = POLLIN};
    while (poll(&watched, 1, -1) < 0 && errno == EINTR) {
    }
    kill(getpid(), SIGTERM);
    return NULL;
}

static bool start_following(pid_t pid) {
    pthread_t thread;
    sigset_t all, before;
    int descriptor = (int)syscall(SYS_pidfd_open, pid, 0);
    if (descriptor < 0) {
        fprintf(stderr, "--follow %d: %m\n", (int)pid);
        return false;
    }
    sigfillset(&all); /* signals are for the main thread */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&thread, NULL, follow, (void *)(intptr_t)descriptor);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error == 0;
}

static int serve(const struct options *options, struct filesystem *filesystem) {
    char *arguments[] = {"cloister-snp-sim", "-o", "fsname=cloister-snp-sim,subtype=cloister", NULL};
    struct fuse_args fuse_arguments = FUSE_ARGS_INIT(3, arguments);
    struct fuse_loop_config loop = {.clone_fd = 0, .max_idle_threads = 4};
    struct fuse_session *session =
        fuse_session_new(&fuse_arguments, &FILESYSTEM_OPERATIONS, sizeof FILESYSTEM_OPERATIONS, filesystem);
    int result = EXIT_FAILURE;
    if (session == NULL) {
        return result;
    }
    if (fuse_set_signal_handlers(session) == 0) {
        if (fuse_session_mount(session, options->mount) == 0) {
            if (options->follow == 0 || start_following(options->follow)) {
                printf("serving %s/sev-guest\n", options->mount);
                fflush(stdout);
                result = fuse_session_loop_mt(session, &loop) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
            }
            fuse_session_unmount(session);
        }
        fuse_remove_signal_handlers(session);
    }
    fuse_session_destroy(session);
    fuse_opt_free_args(&fuse_arguments);
    return result;
}

int main(int count, char **arguments) {
    struct options options;
    if (!options_parse(&options, count, arguments)) {
        options_usage(arguments[0]);
        return 2;
    }
    umask(077);
    clear_stale_mount(options.mount);
    struct firmware *firmware = firmware_open(&options.machine, options.vcek_file);
    if (firmware == NULL) {
        return 2;
    }
    struct driver *driver = driver_open(firmware, &options.faults, options.certificates_file);
    struct tsm *tsm = driver == NULL ? NULL : tsm_open(driver);
    explicit_bzero(options.machine.derived_root, sizeof options.machine.derived_root);
    int result = 2;
    if (tsm != NULL) {
        struct filesystem filesystem = {.driver = driver, .tsm = tsm};
        result = serve(&options, &filesystem);
        tsm_close(tsm);
    }
    if (driver != NULL) {
        driver_close(driver);
    }
    firmware_close(firmware);
    return result;
}
