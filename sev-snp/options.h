/* What the simulator is told on its command line. */
#ifndef CLOISTER_OPTIONS_H
#define CLOISTER_OPTIONS_H

#include "snp_abi.h"

#include <stdbool.h>
#include <sys/types.h>

enum product { MILAN, GENOA, TURIN };

/* The guest and the chip that the simulated firmware speaks for. */
struct machine {
    enum product product;
    unsigned report_version; /* 2, 3 or 5 */
    uint64_t policy;
    uint64_t platform_info;
    uint32_t guest_svn;
    uint8_t measurement[SNP_MEASUREMENT_SIZE];
    uint8_t host_data[32];
    uint8_t chip_id[SNP_CHIP_ID_SIZE];
    uint8_t tcb[8]; /* in the layout of the product */
    uint8_t derived_root[SNP_KEY_SIZE];
};

/* Misbehaviour of the host and of the firmware, all off by default. */
struct faults {
    unsigned delay_ms;      /* time that the firmware takes for each request */
    unsigned busy;          /* so many attempts are answered BUSY first */
    unsigned busy_retry_ms; /* the driver's pause between attempts */
    unsigned busy_limit_ms; /* after that long the driver gives up */
    unsigned fail_at;       /* the request of this number fails, 0 = none */
    unsigned fail_code;     /* with this firmware error */
};

struct options {
    const char *mount;
    const char *vcek_file;
    const char *certificates_file;
    struct machine machine;
    struct faults faults;
    pid_t follow; /* end when this process ends, 0 = none */
};

/* Fills the options or prints what is wrong to stderr and answers false. */
bool options_parse(struct options *options, int count, char **arguments);

void options_usage(const char *program);

#endif
