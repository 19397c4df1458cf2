/* The simulated secure processor: makes signed reports and derived keys for one guest on one chip. */
#ifndef CLOISTER_FIRMWARE_H
#define CLOISTER_FIRMWARE_H

#include "options.h"

struct firmware;

/* Reads the VCEK's private key (PEM, P-384) and takes a copy of the machine. NULL and a message on failure. */
struct firmware *firmware_open(const struct machine *machine, const char *vcek_file);

void firmware_close(struct firmware *firmware);

/* Fills a whole response, status included; answers false only when signing itself fails. */
bool firmware_report(struct firmware *firmware, const struct snp_report_request *request,
                     uint8_t response[SNP_REPORT_RESPONSE_SIZE]);

void firmware_derived_key(const struct firmware *firmware, const struct snp_key_request *request,
                          uint8_t response[SNP_KEY_RESPONSE_SIZE]);

#endif
