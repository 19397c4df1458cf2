#include "tsm.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    bool used;
    char name[TSM_NAME_SIZE];
    struct snp_report_request request;
    size_t inblob_size;
    unsigned written; /* generation of the request */
    unsigned read;    /* generation that the report belongs to */
    bool reported;
    uint8_t report[SNP_REPORT_SIZE];
};

struct tsm {
    struct driver *driver;
    pthread_mutex_t mutex;
    struct entry entries[TSM_ENTRIES];
};

static const char *const NAMES[TSM_ATTRIBUTES] = {
    [TSM_INBLOB] = "inblob", [TSM_OUTBLOB] = "outblob", [TSM_AUXBLOB] = "auxblob", [TSM_PROVIDER] = "provider",
    [TSM_GENERATION] = "generation", [TSM_PRIVLEVEL] = "privlevel", [TSM_PRIVLEVEL_FLOOR] = "privlevel_floor"};

struct tsm *tsm_open(struct driver *driver) {
    struct tsm *tsm = calloc(1, sizeof *tsm);
    if (tsm != NULL) {
        tsm->driver = driver;
        pthread_mutex_init(&tsm->mutex, NULL);
    }
    return tsm;
}

void tsm_close(struct tsm *tsm) {
    pthread_mutex_destroy(&tsm->mutex);
    free(tsm);
}

const char *tsm_attribute_name(enum tsm_attribute attribute) {
    return NAMES[attribute];
}

bool tsm_attribute_is_written(enum tsm_attribute attribute) {
    return attribute == TSM_INBLOB || attribute == TSM_PRIVLEVEL;
}

static int find(const struct tsm *tsm, const char *name) {
    for (int i = 0; i < TSM_ENTRIES; i++) {
        if (tsm->entries[i].used && strcmp(tsm->entries[i].name, name) == 0) {
            return i;
        }
    }
    return -ENOENT;
}

int tsm_find(struct tsm *tsm, const char *name) {
    pthread_mutex_lock(&tsm->mutex);
    int slot = find(tsm, name);
    pthread_mutex_unlock(&tsm->mutex);
    return slot;
}

static int make(struct tsm *tsm, const char *name) {
    if (strlen(name) >= TSM_NAME_SIZE) {
        return -ENAMETOOLONG;
    }
    if (find(tsm, name) >= 0) {
        return -EEXIST;
    }
    for (int i = 0; i < TSM_ENTRIES; i++) {
        if (!tsm->entries[i].used) {
            tsm->entries[i] = (struct entry){.used = true};
            strcpy(tsm->entries[i].name, name);
            return i;
        }
    }
    return -ENOSPC;
}

int tsm_make(struct tsm *tsm, const char *name) {
    pthread_mutex_lock(&tsm->mutex);
    int slot = make(tsm, name);
    pthread_mutex_unlock(&tsm->mutex);
    return slot;
}

int tsm_remove(struct tsm *tsm, const char *name) {
    pthread_mutex_lock(&tsm->mutex);
    int slot = find(tsm, name);
    if (slot >= 0) {
        tsm->entries[slot].used = false;
    }
    pthread_mutex_unlock(&tsm->mutex);
    return slot;
}

bool tsm_name(struct tsm *tsm, int slot, char name[TSM_NAME_SIZE]) {
    pthread_mutex_lock(&tsm->mutex);
    bool used = tsm->entries[slot].used;
    memcpy(name, tsm->entries[slot].name, TSM_NAME_SIZE);
    pthread_mutex_unlock(&tsm->mutex);
    return used;
}

/* Makes sure that the entry's report answers its present request. */
static int refresh(struct tsm *tsm, struct entry *entry) {
    if (entry->inblob_size != SNP_USER_DATA_SIZE) {
        return EINVAL; /* nothing written yet, or not the 64 bytes that this provider wants */
    }
    if (entry->reported && entry->read == entry->written) {
        return 0;
    }
    int error = driver_report(tsm->driver, &entry->request, entry->report);
    if (error == 0) {
        entry->reported = true;
        entry->read = entry->written;
    }
    return error;
}

static int hand_out(const void *from, size_t size, uint8_t **content, size_t *out) {
    *content = malloc(size > 0 ? size : 1);
    if (*content == NULL) {
        return ENOMEM;
    }
    memcpy(*content, from, size);
    *out = size;
    return 0;
}

static int read_entry(struct tsm *tsm, struct entry *entry, enum tsm_attribute attribute, uint8_t **content, size_t *size) {
    char text[32];
    int error;
    if (!entry->used) {
        return ENOENT;
    }
    switch (attribute) {
    case TSM_OUTBLOB:
        error = refresh(tsm, entry);
        return error != 0 ? error : hand_out(entry->report, SNP_REPORT_SIZE, content, size);
    case TSM_AUXBLOB: {
        size_t length;
        const uint8_t *certificates = driver_certificates(tsm->driver, &length);
        error = refresh(tsm, entry);
        return error != 0 ? error : hand_out(certificates, length, content, size);
    }
    case TSM_PROVIDER: return hand_out(text, (size_t)sprintf(text, "sev_guest\n"), content, size);
    case TSM_GENERATION: return hand_out(text, (size_t)sprintf(text, "%u\n", entry->written), content, size);
    case TSM_PRIVLEVEL_FLOOR: return hand_out(text, (size_t)sprintf(text, "0\n"), content, size);
    default: return EACCES;
    }
}

int tsm_read(struct tsm *tsm, int slot, enum tsm_attribute attribute, uint8_t **content, size_t *size) {
    pthread_mutex_lock(&tsm->mutex);
    int error = read_entry(tsm, &tsm->entries[slot], attribute, content, size);
    pthread_mutex_unlock(&tsm->mutex);
    return error;
}

static int write_entry(struct entry *entry, enum tsm_attribute attribute, const uint8_t *content, size_t size) {
    if (!entry->used) {
        return ENOENT;
    }
    if (attribute == TSM_PRIVLEVEL) {
        if (size == 0 || size > 2 || content[0] < '0' || content[0] > '3' || (size == 2 && content[1] != '\n')) {
            return EINVAL;
        }
        entry->request.vmpl = (uint32_t)(content[0] - '0');
    } else {
        if (size > SNP_USER_DATA_SIZE) {
            return EFBIG;
        }
        memset(entry->request.user_data, 0, SNP_USER_DATA_SIZE);
        memcpy(entry->request.user_data, content, size);
        entry->inblob_size = size;
    }
    entry->written++;
    return 0;
}

int tsm_write(struct tsm *tsm, int slot, enum tsm_attribute attribute, const uint8_t *content, size_t size) {
    pthread_mutex_lock(&tsm->mutex);
    int error = write_entry(&tsm->entries[slot], attribute, content, size);
    pthread_mutex_unlock(&tsm->mutex);
    return error;
}
