#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum key {
    MOUNT = 1000, VCEK, CERTIFICATES, MEASUREMENT, DERIVED_ROOT, CHIP_ID, TCB, PRODUCT, REPORT_VERSION, POLICY,
    PLATFORM_INFO, HOST_DATA, GUEST_SVN, DELAY, BUSY, BUSY_RETRY, BUSY_LIMIT, FAIL_AT, FAIL_CODE, FOLLOW,
};

static const struct option LONG_OPTIONS[] = {
    {"mount", required_argument, NULL, MOUNT},
    {"vcek", required_argument, NULL, VCEK},
    {"certificates", required_argument, NULL, CERTIFICATES},
    {"measurement", required_argument, NULL, MEASUREMENT},
    {"derived-root", required_argument, NULL, DERIVED_ROOT},
    {"chip-id", required_argument, NULL, CHIP_ID},
    {"tcb", required_argument, NULL, TCB},
    {"product", required_argument, NULL, PRODUCT},
    {"report-version", required_argument, NULL, REPORT_VERSION},
    {"policy", required_argument, NULL, POLICY},
    {"platform-info", required_argument, NULL, PLATFORM_INFO},
    {"host-data", required_argument, NULL, HOST_DATA},
    {"guest-svn", required_argument, NULL, GUEST_SVN},
    {"delay-ms", required_argument, NULL, DELAY},
    {"busy", required_argument, NULL, BUSY},
    {"busy-retry-ms", required_argument, NULL, BUSY_RETRY},
    {"busy-limit-ms", required_argument, NULL, BUSY_LIMIT},
    {"fail-at", required_argument, NULL, FAIL_AT},
    {"fail-code", required_argument, NULL, FAIL_CODE},
    {"follow", required_argument, NULL, FOLLOW},
    {NULL, 0, NULL, 0},
};

void options_usage(const char *program) {
    fprintf(stderr,
            "usage: %s --mount DIR --vcek PEM --certificates FILE --measurement HEX96 --derived-root HEX64|@FILE\n"
            "          --chip-id HEX --tcb bl=N,tee=N,snp=N,ucode=N[,fmc=N]\n"
            "          [--product Milan|Genoa|Turin] [--report-version 2|3|5] [--policy HEX] [--platform-info HEX]\n"
            "          [--host-data HEX64] [--guest-svn N] [--follow PID]\n"
            "          [--delay-ms N] [--busy N] [--busy-retry-ms N] [--busy-limit-ms N] [--fail-at N] [--fail-code N]\n",
            program);
}

static int nibble(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Exactly 2 * size hexadecimal digits. */
static bool parse_hex(const char *text, uint8_t *out, size_t size) {
    if (strlen(text) != 2 * size) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        int high = nibble(text[2 * i]), low = nibble(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static bool parse_number(const char *text, int base, uint64_t limit, uint64_t *out) {
    char *end;
    if (!isxdigit((unsigned char)*text)) {
        return false;
    }
    errno = 0;
    unsigned long long value = strtoull(text, &end, base);
    if (errno != 0 || *end != '\0' || value > limit) {
        return false;
    }
    *out = value;
    return true;
}

static bool parse_unsigned(const char *text, int base, unsigned *out) {
    uint64_t value;
    if (!parse_number(text, base, UINT32_MAX, &value)) {
        return false;
    }
    *out = (unsigned)value;
    return true;
}

/* A secret may stand in a file, so that no process list shows it. */
static bool parse_secret(const char *text, uint8_t *out, size_t size) {
    char line[256];
    if (*text != '@') {
        return parse_hex(text, out, size);
    }
    FILE *file = fopen(text + 1, "re");
    if (file == NULL) {
        return false;
    }
    bool read = fgets(line, sizeof line, file) != NULL;
    fclose(file);
    if (!read) {
        return false;
    }
    line[strcspn(line, "\r\n")] = '\0';
    bool parsed = parse_hex(line, out, size);
    explicit_bzero(line, sizeof line);
    return parsed;
}

static bool parse_product(const char *text, enum product *out) {
    static const char *const NAMES[] = {[MILAN] = "Milan", [GENOA] = "Genoa", [TURIN] = "Turin"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (strcmp(text, NAMES[i]) == 0) {
            *out = (enum product)i;
            return true;
        }
    }
    return false;
}

/* "bl=7,tee=0,snp=14,ucode=72": byte positions of the two TCB_VERSION layouts, AMD 56860 table 3. */
static bool parse_tcb(const char *text, enum product product, uint8_t tcb[8]) {
    static const struct { const char *name; int early; int turin; } PARTS[] = {
        {"fmc", -1, 0}, {"bl", 0, 1}, {"tee", 1, 2}, {"snp", 6, 3}, {"ucode", 7, 7}};
    char copy[128], *rest = copy, *item;
    if (strlen(text) >= sizeof copy) {
        return false;
    }
    strcpy(copy, text);
    memset(tcb, 0, 8);
    while ((item = strsep(&rest, ",")) != NULL) {
        char *value = strchr(item, '=');
        uint64_t number;
        int position = -1;
        if (value == NULL) {
            return false;
        }
        *value++ = '\0';
        for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
            if (strcmp(item, PARTS[i].name) == 0) {
                position = product == TURIN ? PARTS[i].turin : PARTS[i].early;
            }
        }
        if (position < 0 || !parse_number(value, 10, 255, &number)) {
            return false;
        }
        tcb[position] = (uint8_t)number;
    }
    return true;
}

static bool parse_chip_id(const char *text, enum product product, uint8_t chip_id[SNP_CHIP_ID_SIZE]) {
    memset(chip_id, 0, SNP_CHIP_ID_SIZE);
    return parse_hex(text, chip_id, product == TURIN ? SNP_TURIN_CHIP_ID_SIZE : SNP_CHIP_ID_SIZE);
}

static bool parse_one(struct options *o, int key, char *value) {
    struct machine *m = &o->machine;
    struct faults *f = &o->faults;
    uint64_t number;
    switch (key) {
    case MOUNT: o->mount = value; return true;
    case VCEK: o->vcek_file = value; return true;
    case CERTIFICATES: o->certificates_file = value; return true;
    case MEASUREMENT: return parse_hex(value, m->measurement, sizeof m->measurement);
    case DERIVED_ROOT: return parse_secret(value, m->derived_root, sizeof m->derived_root);
    case PRODUCT: return parse_product(value, &m->product);
    case REPORT_VERSION:
        return parse_unsigned(value, 10, &m->report_version) &&
               (m->report_version == 2 || m->report_version == 3 || m->report_version == 5);
    case POLICY: return parse_number(value, 16, UINT64_MAX, &m->policy);
    case PLATFORM_INFO: return parse_number(value, 16, UINT64_MAX, &m->platform_info);
    case HOST_DATA: return parse_hex(value, m->host_data, sizeof m->host_data);
    case GUEST_SVN: return parse_unsigned(value, 10, &m->guest_svn);
    case DELAY: return parse_unsigned(value, 10, &f->delay_ms);
    case BUSY: return parse_unsigned(value, 10, &f->busy);
    case BUSY_RETRY: return parse_unsigned(value, 10, &f->busy_retry_ms);
    case BUSY_LIMIT: return parse_unsigned(value, 10, &f->busy_limit_ms);
    case FAIL_AT: return parse_unsigned(value, 10, &f->fail_at);
    case FAIL_CODE: return parse_unsigned(value, 16, &f->fail_code);
    case FOLLOW:
        if (!parse_number(value, 10, INT32_MAX, &number) || number == 0) {
            return false;
        }
        o->follow = (pid_t)number;
        return true;
    default: return false;
    }
}

static const char *option_name(int key) {
    for (const struct option *option = LONG_OPTIONS; option->name != NULL; option++) {
        if (option->val == key) {
            return option->name;
        }
    }
    return "?";
}

bool options_parse(struct options *o, int count, char **arguments) {
    const char *chip_id = NULL, *tcb = NULL;
    bool measured = false, rooted = false;
    int key;
    *o = (struct options){
        .machine = {.product = GENOA, .report_version = 3, .policy = 0x30000, .platform_info = 0x24},
        .faults = {.busy_retry_ms = 2000, .busy_limit_ms = 60000, .fail_code = 1}};
    while ((key = getopt_long(count, arguments, "", LONG_OPTIONS, NULL)) != -1) {
        if (key == '?') {
            return false; /* getopt has said why */
        }
        if (key == CHIP_ID) {
            chip_id = optarg; /* its length depends on the product, which may come later */
        } else if (key == TCB) {
            tcb = optarg;
        } else if (!parse_one(o, key, optarg)) {
            fprintf(stderr, "--%s: not a valid value\n", option_name(key));
            return false;
        }
        measured |= key == MEASUREMENT;
        rooted |= key == DERIVED_ROOT;
    }
    if (optind != count || !o->mount || !o->vcek_file || !o->certificates_file || !measured || !rooted || !chip_id || !tcb) {
        fprintf(stderr, "a required option is missing, or something stands behind the options\n");
        return false;
    }
    if (!parse_chip_id(chip_id, o->machine.product, o->machine.chip_id)) {
        fprintf(stderr, "--chip-id: 128 hexadecimal digits, 16 for Turin\n");
        return false;
    }
    if (!parse_tcb(tcb, o->machine.product, o->machine.tcb)) {
        fprintf(stderr, "--tcb: bl=N,tee=N,snp=N,ucode=N and, for Turin, fmc=N; each 0..255\n");
        return false;
    }
    return true;
}
