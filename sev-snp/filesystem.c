#include "filesystem.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Node numbers: four fixed ones, then for each entry its folder and its attributes. */
enum { ROOT = FUSE_ROOT_ID, DEVICE, TSM_FOLDER, REPORT_FOLDER, FIRST_ENTRY = 16, ENTRY_STEP = 16, WRITE_LIMIT = 4096 };

/* What an open attribute holds: a snapshot to read from, or what was written until it is closed. One thread at a time. */
struct open_attribute {
    pthread_mutex_t lock;
    uint8_t *content;
    size_t size;
    bool written;
};

static struct filesystem *filesystem(fuse_req_t request) {
    return fuse_req_userdata(request);
}

static bool is_entry(fuse_ino_t node) {
    return node >= FIRST_ENTRY && (node - FIRST_ENTRY) / ENTRY_STEP < TSM_ENTRIES;
}

static int slot_of(fuse_ino_t node) {
    return (int)((node - FIRST_ENTRY) / ENTRY_STEP);
}

static bool is_entry_folder(fuse_ino_t node) {
    return is_entry(node) && (node - FIRST_ENTRY) % ENTRY_STEP == 0;
}

static bool is_attribute(fuse_ino_t node) {
    fuse_ino_t position = (node - FIRST_ENTRY) % ENTRY_STEP;
    return is_entry(node) && position >= 1 && position <= TSM_ATTRIBUTES;
}

static enum tsm_attribute attribute_of(fuse_ino_t node) {
    return (enum tsm_attribute)((node - FIRST_ENTRY) % ENTRY_STEP - 1);
}

static fuse_ino_t entry_node(int slot) {
    return FIRST_ENTRY + (fuse_ino_t)slot * ENTRY_STEP;
}

static bool describe(fuse_req_t request, fuse_ino_t node, struct stat *out) {
    char name[TSM_NAME_SIZE];
    *out = (struct stat){.st_ino = node, .st_uid = getuid(), .st_gid = getgid(), .st_nlink = 1};
    if (is_entry(node) && !tsm_name(filesystem(request)->tsm, slot_of(node), name)) {
        return false;
    }
    if (node == ROOT || node == TSM_FOLDER || node == REPORT_FOLDER || is_entry_folder(node)) {
        out->st_mode = S_IFDIR | 0700;
        out->st_nlink = 2;
    } else if (node == DEVICE) {
        out->st_mode = S_IFREG | 0600;
    } else if (is_attribute(node)) {
        out->st_mode = S_IFREG | (tsm_attribute_is_written(attribute_of(node)) ? 0200 : 0400);
    } else {
        return false;
    }
    return true;
}

/* The node of a name in a folder, 0 when there is none. */
static fuse_ino_t child(fuse_req_t request, fuse_ino_t parent, const char *name) {
    if (parent == ROOT) {
        return strcmp(name, "sev-guest") == 0 ? DEVICE : strcmp(name, "tsm") == 0 ? TSM_FOLDER : 0;
    }
    if (parent == TSM_FOLDER) {
        return strcmp(name, "report") == 0 ? REPORT_FOLDER : 0;
    }
    if (parent == REPORT_FOLDER) {
        int slot = tsm_find(filesystem(request)->tsm, name);
        return slot < 0 ? 0 : entry_node(slot);
    }
    for (int i = 0; is_entry_folder(parent) && i < TSM_ATTRIBUTES; i++) {
        if (strcmp(name, tsm_attribute_name((enum tsm_attribute)i)) == 0) {
            return parent + 1 + (fuse_ino_t)i;
        }
    }
    return 0;
}

static void reply_entry(fuse_req_t request, fuse_ino_t node) {
    struct fuse_entry_param entry = {.ino = node};
    if (node == 0 || !describe(request, node, &entry.attr)) {
        fuse_reply_err(request, ENOENT);
        return;
    }
    fuse_reply_entry(request, &entry);
}

static void do_lookup(fuse_req_t request, fuse_ino_t parent, const char *name) {
    reply_entry(request, child(request, parent, name));
}

static void do_getattr(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *info) {
    struct stat attributes;
    (void)info;
    if (describe(request, node, &attributes)) {
        fuse_reply_attr(request, &attributes, 0);
    } else {
        fuse_reply_err(request, ENOENT);
    }
}

/* Nothing can be changed, but opening for writing with truncation must not fail. */
static void do_setattr(fuse_req_t request, fuse_ino_t node, struct stat *wanted, int what, struct fuse_file_info *info) {
    (void)wanted;
    if (what & ~(FUSE_SET_ATTR_SIZE | FUSE_SET_ATTR_MTIME | FUSE_SET_ATTR_CTIME | FUSE_SET_ATTR_MTIME_NOW)) {
        fuse_reply_err(request, EPERM);
    } else {
        do_getattr(request, node, info);
    }
}

static void do_mkdir(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode) {
    (void)mode;
    int slot = parent == REPORT_FOLDER ? tsm_make(filesystem(request)->tsm, name) : -EPERM;
    if (slot < 0) {
        fuse_reply_err(request, -slot);
    } else {
        reply_entry(request, entry_node(slot));
    }
}

static void do_rmdir(fuse_req_t request, fuse_ino_t parent, const char *name) {
    int slot = parent == REPORT_FOLDER ? tsm_remove(filesystem(request)->tsm, name) : -EPERM;
    fuse_reply_err(request, slot < 0 ? -slot : 0);
}

/* Names of a folder in order: "." and ".." first. False behind the last. */
static bool list(fuse_req_t request, fuse_ino_t folder, off_t position, char name[TSM_NAME_SIZE], bool *skip) {
    *skip = false;
    if (position < 2) {
        strcpy(name, position == 0 ? "." : "..");
        return true;
    }
    off_t at = position - 2;
    if (folder == ROOT && at < 2) {
        strcpy(name, at == 0 ? "sev-guest" : "tsm");
        return true;
    }
    if (folder == TSM_FOLDER && at == 0) {
        strcpy(name, "report");
        return true;
    }
    if (folder == REPORT_FOLDER && at < TSM_ENTRIES) {
        *skip = !tsm_name(filesystem(request)->tsm, (int)at, name);
        return true;
    }
    if (is_entry_folder(folder) && at < TSM_ATTRIBUTES) {
        strcpy(name, tsm_attribute_name((enum tsm_attribute)at));
        return true;
    }
    return false;
}

static void do_readdir(fuse_req_t request, fuse_ino_t folder, size_t size, off_t offset, struct fuse_file_info *info) {
    char buffer[4096], name[TSM_NAME_SIZE];
    size_t used = 0, limit = size < sizeof buffer ? size : sizeof buffer;
    bool skip;
    (void)info;
    for (off_t i = offset; list(request, folder, i, name, &skip); i++) {
        if (skip) {
            continue;
        }
        fuse_ino_t node = i < 2 ? folder : child(request, folder, name);
        struct stat attributes = {.st_ino = node};
        if (node == 0) {
            continue; /* removed in the meantime */
        }
        if (!describe(request, node, &attributes)) {
            continue;
        }
        size_t length = fuse_add_direntry(request, buffer + used, limit - used, name, &attributes, i + 1);
        if (length > limit - used) {
            break;
        }
        used += length;
    }
    fuse_reply_buf(request, buffer, used);
}

static void do_open(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *info) {
    info->direct_io = 1;
    info->fh = 0;
    if (node != DEVICE) {
        bool writes = (info->flags & O_ACCMODE) != O_RDONLY;
        if (!is_attribute(node) || writes != tsm_attribute_is_written(attribute_of(node))) {
            fuse_reply_err(request, EACCES);
            return;
        }
        struct open_attribute *open = calloc(1, sizeof *open);
        if (open == NULL) {
            fuse_reply_err(request, ENOMEM);
            return;
        }
        pthread_mutex_init(&open->lock, NULL);
        info->fh = (uintptr_t)open;
    }
    fuse_reply_open(request, info);
}

static void do_read(fuse_req_t request, fuse_ino_t node, size_t size, off_t offset, struct fuse_file_info *info) {
    struct open_attribute *open = (struct open_attribute *)(uintptr_t)info->fh;
    if (open == NULL) {
        fuse_reply_err(request, EINVAL);
        return;
    }
    pthread_mutex_lock(&open->lock);
    int error = 0;
    if (open->content == NULL) { /* the first read of an open file fixes what the others continue */
        error = tsm_read(filesystem(request)->tsm, slot_of(node), attribute_of(node), &open->content, &open->size);
    }
    if (error != 0) {
        fuse_reply_err(request, error);
    } else {
        size_t from = (size_t)offset < open->size ? (size_t)offset : open->size;
        size_t length = size < open->size - from ? size : open->size - from;
        fuse_reply_buf(request, (const char *)open->content + from, length);
    }
    pthread_mutex_unlock(&open->lock);
}

/* What is written comes in order and is short. */
static int append(struct open_attribute *open, const char *data, size_t size, off_t offset) {
    if (offset != (off_t)open->size) {
        return EINVAL;
    }
    if (open->size + size > WRITE_LIMIT) {
        return EFBIG;
    }
    uint8_t *grown = realloc(open->content, open->size + size + 1);
    if (grown == NULL) {
        return ENOMEM;
    }
    memcpy(grown + open->size, data, size);
    open->content = grown;
    open->size += size;
    open->written = true;
    return 0;
}

static void do_write(fuse_req_t request, fuse_ino_t node, const char *data, size_t size, off_t offset,
                     struct fuse_file_info *info) {
    struct open_attribute *open = (struct open_attribute *)(uintptr_t)info->fh;
    (void)node;
    if (open == NULL) {
        fuse_reply_err(request, EINVAL);
        return;
    }
    pthread_mutex_lock(&open->lock);
    int error = append(open, data, size, offset);
    pthread_mutex_unlock(&open->lock);
    if (error != 0) {
        fuse_reply_err(request, error);
    } else {
        fuse_reply_write(request, size);
    }
}

/* close(2): configfs commits what was written here, not before. */
static void do_flush(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *info) {
    struct open_attribute *open = (struct open_attribute *)(uintptr_t)info->fh;
    int error = 0;
    if (open != NULL) {
        pthread_mutex_lock(&open->lock);
        if (open->written) {
            error = tsm_write(filesystem(request)->tsm, slot_of(node), attribute_of(node), open->content, open->size);
            open->written = false;
            open->size = 0;
        }
        pthread_mutex_unlock(&open->lock);
    }
    fuse_reply_err(request, error);
}

static void do_release(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *info) {
    struct open_attribute *open = (struct open_attribute *)(uintptr_t)info->fh;
    (void)node;
    if (open != NULL) {
        pthread_mutex_destroy(&open->lock);
        free(open->content);
        free(open);
    }
    fuse_reply_err(request, 0);
}

static void do_ioctl(fuse_req_t request, fuse_ino_t node, unsigned command, void *argument, struct fuse_file_info *info,
                     unsigned flags, const void *in, size_t in_size, size_t out_size) {
    struct snp_request outer;
    bool copy_out;
    (void)argument;
    (void)info;
    if (node != DEVICE || flags & FUSE_IOCTL_COMPAT || in_size < sizeof outer || out_size < sizeof outer) {
        fuse_reply_err(request, ENOTTY);
        return;
    }
    memcpy(&outer, in, sizeof outer);
    int error = driver_ioctl(filesystem(request)->driver, fuse_req_ctx(request)->pid, command, &outer, &copy_out);
    fuse_reply_ioctl(request, -error, copy_out ? &outer : NULL, copy_out ? sizeof outer : 0);
}

const struct fuse_lowlevel_ops FILESYSTEM_OPERATIONS = {
    .lookup = do_lookup,
    .getattr = do_getattr,
    .setattr = do_setattr,
    .mkdir = do_mkdir,
    .rmdir = do_rmdir,
    .readdir = do_readdir,
    .open = do_open,
    .read = do_read,
    .write = do_write,
    .flush = do_flush,
    .release = do_release,
    .ioctl = do_ioctl,
};
