/*
 * The binary interface of the Linux SEV guest driver and of the attestation report, as facts.
 * Sources: Linux include/uapi/linux/sev-guest.h; AMD 56860 "SEV Secure Nested Paging Firmware ABI";
 * AMD 56421 "GHCB Standardization" for the certificate table. Everything is little endian.
 */
#ifndef CLOISTER_SNP_ABI_H
#define CLOISTER_SNP_ABI_H

#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>

enum {
    SNP_USER_DATA_SIZE = 64,
    SNP_REPORT_SIZE = 1184,
    SNP_REPORT_SIGNED_SIZE = 0x2A0,
    SNP_REPORT_RESPONSE_SIZE = 4000,
    SNP_REPORT_RESPONSE_HEADER = 32,
    SNP_KEY_RESPONSE_SIZE = 64,
    SNP_KEY_RESPONSE_HEADER = 32,
    SNP_KEY_SIZE = 32,
    SNP_MEASUREMENT_SIZE = 48,
    SNP_CHIP_ID_SIZE = 64,
    SNP_TURIN_CHIP_ID_SIZE = 8,
    SNP_PAGE_SIZE = 4096,
    SNP_CERTIFICATES_LIMIT = 16384, /* the driver's SEV_FW_BLOB_MAX_SIZE */
};

/* The outer structure of each of the three requests. */
struct snp_request {
    uint8_t message_version;
    uint64_t request;   /* address of the request */
    uint64_t response;  /* address of the response */
    uint64_t exit_info; /* low half: firmware error, high half: VMM error */
};

struct snp_report_request {
    uint8_t user_data[SNP_USER_DATA_SIZE];
    uint32_t vmpl;
    uint8_t reserved[28];
};

struct snp_extended_report_request {
    struct snp_report_request report;
    uint64_t certificates;
    uint32_t certificates_length;
};

struct snp_key_request {
    uint32_t root_key_select;
    uint32_t reserved;
    uint64_t guest_field_select;
    uint32_t vmpl;
    uint32_t guest_svn;
    uint64_t tcb_version;
};

_Static_assert(sizeof(struct snp_request) == 32, "outer structure");
_Static_assert(sizeof(struct snp_report_request) == 96, "report request");
_Static_assert(sizeof(struct snp_extended_report_request) == 112, "extended report request");
_Static_assert(sizeof(struct snp_key_request) == 32, "key request");

#define SNP_IOCTL_REPORT _IOWR('S', 0, struct snp_request)
#define SNP_IOCTL_DERIVED_KEY _IOWR('S', 1, struct snp_request)
#define SNP_IOCTL_EXTENDED_REPORT _IOWR('S', 2, struct snp_request)

#define SNP_VMM_INVALID_LENGTH ((uint64_t)1 << 32)
#define SNP_VMM_BUSY ((uint64_t)2 << 32)
#define SNP_EXIT_INFO_PRESET 0xff /* what the driver leaves behind when no request reached the firmware */

#define SNP_STATUS_INVALID_PARAMETER 0x16

#endif
