/*
 * The tree that the simulator mounts:
 *   sev-guest            the device file
 *   tsm/report/<name>/   configfs-tsm entries, made by mkdir and removed by rmdir
 */
#ifndef CLOISTER_FILESYSTEM_H
#define CLOISTER_FILESYSTEM_H

#define FUSE_USE_VERSION 35

#include "tsm.h"

#include <fuse_lowlevel.h>

struct filesystem {
    struct driver *driver;
    struct tsm *tsm;
};

/* The session's user data is a struct filesystem. */
extern const struct fuse_lowlevel_ops FILESYSTEM_OPERATIONS;

#endif
