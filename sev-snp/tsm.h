/*
 * The entries of a simulated configfs-tsm tree, Linux Documentation/ABI/testing/configfs-tsm. An entry keeps its request
 * (inblob, privlevel) and its last report; a read makes a new report when a request was written since.
 */
#ifndef CLOISTER_TSM_H
#define CLOISTER_TSM_H

#include "driver.h"

enum { TSM_ENTRIES = 64, TSM_NAME_SIZE = 64 };

enum tsm_attribute {
    TSM_INBLOB, TSM_OUTBLOB, TSM_AUXBLOB, TSM_PROVIDER, TSM_GENERATION, TSM_PRIVLEVEL, TSM_PRIVLEVEL_FLOOR,
    TSM_ATTRIBUTES,
};

struct tsm;

struct tsm *tsm_open(struct driver *driver);
void tsm_close(struct tsm *tsm);

const char *tsm_attribute_name(enum tsm_attribute attribute);
bool tsm_attribute_is_written(enum tsm_attribute attribute); /* else it is read */

/* Slots are 0..TSM_ENTRIES-1; a negative answer is minus an errno. */
int tsm_make(struct tsm *tsm, const char *name);
int tsm_find(struct tsm *tsm, const char *name);
int tsm_remove(struct tsm *tsm, const char *name);
bool tsm_name(struct tsm *tsm, int slot, char name[TSM_NAME_SIZE]); /* false when the slot is empty */

/* A whole attribute. tsm_read allocates *content; both answer 0 or an errno. */
int tsm_read(struct tsm *tsm, int slot, enum tsm_attribute attribute, uint8_t **content, size_t *size);
int tsm_write(struct tsm *tsm, int slot, enum tsm_attribute attribute, const uint8_t *content, size_t size);

#endif
