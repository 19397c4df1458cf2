/* The simulated guest driver: what /dev/sev-guest answers to an ioctl, with the driver's order of checks. */
#ifndef CLOISTER_DRIVER_H
#define CLOISTER_DRIVER_H

#include "firmware.h"

struct driver;

/* Reads the certificate table that the host gives with extended reports. NULL and a message on failure. */
struct driver *driver_open(struct firmware *firmware, const struct faults *faults, const char *certificates_file);

void driver_close(struct driver *driver);

/*
 * Answers 0 or an errno. The caller's structure is changed as the driver changes it; *copy_out says whether the driver
 * would copy it back. Inner buffers are read and written in the memory of process pid.
 */
int driver_ioctl(struct driver *driver, pid_t pid, unsigned command, struct snp_request *outer, bool *copy_out);

/* The driver's second door, used by configfs-tsm: a report and, where there is one, the certificate table. */
int driver_report(struct driver *driver, const struct snp_report_request *request, uint8_t report[SNP_REPORT_SIZE]);

/* The table without its padding. */
const uint8_t *driver_certificates(const struct driver *driver, size_t *size);

#endif
