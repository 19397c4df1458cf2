#include "firmware.h"

#include <endian.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct firmware {
    struct machine machine;
    EVP_PKEY *vcek;
    uint8_t report_id[32]; /* new for each start, as for each launch of a guest */
};

static void put32(uint8_t *at, uint32_t value) {
    value = htole32(value);
    memcpy(at, &value, sizeof value);
}

static void put64(uint8_t *at, uint64_t value) {
    value = htole64(value);
    memcpy(at, &value, sizeof value);
}

struct firmware *firmware_open(const struct machine *machine, const char *vcek_file) {
    struct firmware *firmware = calloc(1, sizeof *firmware);
    FILE *file = fopen(vcek_file, "re");
    if (firmware == NULL || file == NULL) {
        fprintf(stderr, "%s: %m\n", vcek_file);
        free(firmware);
        return NULL;
    }
    firmware->machine = *machine;
    firmware->vcek = PEM_read_PrivateKey(file, NULL, NULL, NULL);
    fclose(file);
    char group[32] = "";
    if (firmware->vcek == NULL || !EVP_PKEY_get_group_name(firmware->vcek, group, sizeof group, NULL) ||
        strcmp(group, "secp384r1") != 0) {
        fprintf(stderr, "%s: not a P-384 private key in PEM\n", vcek_file);
        firmware_close(firmware);
        return NULL;
    }
    if (getrandom(firmware->report_id, sizeof firmware->report_id, 0) != sizeof firmware->report_id) {
        fprintf(stderr, "no randomness: %m\n");
        firmware_close(firmware);
        return NULL;
    }
    return firmware;
}

void firmware_close(struct firmware *firmware) {
    EVP_PKEY_free(firmware->vcek);
    explicit_bzero(firmware, sizeof *firmware);
    free(firmware);
}

/* ECDSA P-384 with SHA-384 over the signed part; r and s as 72-byte little-endian numbers. */
static bool sign(const struct firmware *firmware, uint8_t report[SNP_REPORT_SIZE]) {
    uint8_t der[160];
    const uint8_t *cursor = der;
    size_t size = sizeof der;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool signed_ = context != NULL && EVP_DigestSignInit(context, NULL, EVP_sha384(), NULL, firmware->vcek) == 1 &&
                   EVP_DigestSign(context, der, &size, report, SNP_REPORT_SIGNED_SIZE) == 1;
    EVP_MD_CTX_free(context);
    ECDSA_SIG *signature = signed_ ? d2i_ECDSA_SIG(NULL, &cursor, (long)size) : NULL;
    signed_ = signature != NULL && BN_bn2lebinpad(ECDSA_SIG_get0_r(signature), report + 0x2A0, 72) == 72 &&
              BN_bn2lebinpad(ECDSA_SIG_get0_s(signature), report + 0x2E8, 72) == 72;
    ECDSA_SIG_free(signature);
    return signed_;
}

/* ATTESTATION_REPORT, AMD 56860 table 23; all four TCB versions are the same here. */
static void fill(const struct firmware *firmware, const struct snp_report_request *request, uint8_t *report) {
    static const uint8_t CPUID[][3] = {[MILAN] = {0x19, 0x01, 0x01}, [GENOA] = {0x19, 0x11, 0x01}, [TURIN] = {0x1A, 0x02, 0x01}};
    static const uint8_t BUILD[3] = {37, 55, 1}; /* build, minor, major */
    const struct machine *machine = &firmware->machine;
    put32(report + 0x000, machine->report_version);
    put32(report + 0x004, machine->guest_svn);
    put64(report + 0x008, machine->policy);
    put32(report + 0x030, request->vmpl);
    put32(report + 0x034, 1); /* ECDSA P-384 with SHA-384 */
    memcpy(report + 0x038, machine->tcb, 8);
    put64(report + 0x040, machine->platform_info);
    memcpy(report + 0x050, request->user_data, SNP_USER_DATA_SIZE);
    memcpy(report + 0x090, machine->measurement, SNP_MEASUREMENT_SIZE);
    memcpy(report + 0x0C0, machine->host_data, sizeof machine->host_data);
    memcpy(report + 0x140, firmware->report_id, sizeof firmware->report_id);
    memset(report + 0x160, 0xFF, 32); /* no migration agent */
    memcpy(report + 0x180, machine->tcb, 8);
    if (machine->report_version >= 3) {
        memcpy(report + 0x188, CPUID[machine->product], 3);
    }
    memcpy(report + 0x1A0, machine->chip_id, SNP_CHIP_ID_SIZE);
    memcpy(report + 0x1E0, machine->tcb, 8);
    memcpy(report + 0x1E8, BUILD, sizeof BUILD);
    memcpy(report + 0x1EC, BUILD, sizeof BUILD);
    memcpy(report + 0x1F0, machine->tcb, 8);
}

bool firmware_report(struct firmware *firmware, const struct snp_report_request *request,
                     uint8_t response[SNP_REPORT_RESPONSE_SIZE]) {
    static const uint8_t ZERO[sizeof request->reserved];
    memset(response, 0, SNP_REPORT_RESPONSE_SIZE);
    if (request->vmpl > 3 || memcmp(request->reserved, ZERO, sizeof ZERO) != 0) {
        put32(response, SNP_STATUS_INVALID_PARAMETER);
        return true;
    }
    put32(response + 4, SNP_REPORT_SIZE);
    fill(firmware, request, response + SNP_REPORT_RESPONSE_HEADER);
    return sign(firmware, response + SNP_REPORT_RESPONSE_HEADER);
}

static bool tcb_covers(const uint8_t have[8], const uint8_t wanted[8]) {
    for (int i = 0; i < 8; i++) {
        if (wanted[i] > have[i]) {
            return false;
        }
    }
    return true;
}

/*
 * MSG_KEY_REQ, AMD 56860 section 7.2. The real derivation is AMD's secret; this one keeps what can be seen of it: the
 * key depends on the chip, on the chosen root, on the VMPL and on exactly the guest fields that are selected.
 * HMAC-SHA-256(root, label || root_key_select || guest_field_select || vmpl || selected fields in order of their bits).
 */
void firmware_derived_key(const struct firmware *firmware, const struct snp_key_request *request,
                          uint8_t response[SNP_KEY_RESPONSE_SIZE]) {
    static const char LABEL[] = "cloister/simulated-derived-key/v1";
    const struct machine *machine = &firmware->machine;
    uint64_t selected = request->guest_field_select;
    uint8_t tcb[8], input[256] = {0}, *at = input;
    unsigned size = SNP_KEY_SIZE;
    memset(response, 0, SNP_KEY_RESPONSE_SIZE);
    put64(tcb, request->tcb_version);
    if (request->root_key_select > 1 || request->reserved != 0 || selected > 0x3F || request->vmpl > 3 ||
        request->guest_svn > machine->guest_svn || !tcb_covers(machine->tcb, tcb)) {
        put32(response, SNP_STATUS_INVALID_PARAMETER);
        return;
    }
    at = (uint8_t *)mempcpy(at, LABEL, sizeof LABEL - 1);
    put32(at, request->root_key_select);
    put64(at + 4, selected);
    put32(at + 12, request->vmpl);
    at += 16;
    if (selected & 1) {
        put64(at, machine->policy);
        at += 8;
    }
    at += selected & 2 ? 16 : 0; /* image id: zero in this guest */
    at += selected & 4 ? 16 : 0; /* family id: zero in this guest */
    if (selected & 8) {
        at = (uint8_t *)mempcpy(at, machine->measurement, SNP_MEASUREMENT_SIZE);
    }
    if (selected & 16) {
        put32(at, request->guest_svn);
        at += 4;
    }
    if (selected & 32) {
        at = (uint8_t *)mempcpy(at, tcb, sizeof tcb);
    }
    if (HMAC(EVP_sha256(), machine->derived_root, SNP_KEY_SIZE, input, (size_t)(at - input),
             response + SNP_KEY_RESPONSE_HEADER, &size) == NULL) {
        put32(response, SNP_STATUS_INVALID_PARAMETER);
    }
}
