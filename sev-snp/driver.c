#include "driver.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>

struct driver {
    struct firmware *firmware;
    struct faults faults;
    pthread_mutex_t mutex; /* one request at a time, as in the kernel */
    bool wiped;            /* the VM platform communication key is gone until the next boot */
    unsigned requests;
    uint8_t certificates[SNP_CERTIFICATES_LIMIT];
    size_t certificates_size;
};

struct driver *driver_open(struct firmware *firmware, const struct faults *faults, const char *certificates_file) {
    struct driver *driver = calloc(1, sizeof *driver);
    FILE *file = fopen(certificates_file, "re");
    if (driver == NULL || file == NULL) {
        fprintf(stderr, "%s: %m\n", certificates_file);
        free(driver);
        return NULL;
    }
    driver->certificates_size = fread(driver->certificates, 1, sizeof driver->certificates, file);
    bool whole = !ferror(file) && fgetc(file) == EOF;
    fclose(file);
    if (!whole) {
        fprintf(stderr, "%s: a certificate table has at most %d bytes\n", certificates_file, SNP_CERTIFICATES_LIMIT);
        free(driver);
        return NULL;
    }
    driver->firmware = firmware;
    driver->faults = *faults;
    pthread_mutex_init(&driver->mutex, NULL);
    return driver;
}

void driver_close(struct driver *driver) {
    pthread_mutex_destroy(&driver->mutex);
    free(driver);
}

const uint8_t *driver_certificates(const struct driver *driver, size_t *size) {
    *size = driver->certificates_size;
    return driver->certificates;
}

static size_t certificate_pages(const struct driver *driver) {
    return (driver->certificates_size + SNP_PAGE_SIZE - 1) / SNP_PAGE_SIZE;
}

static void pause_ms(unsigned ms) {
    struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    while (ms > 0 && clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR) {
    }
}

static int copy_from(pid_t pid, uint64_t address, void *to, size_t size) {
    struct iovec local = {to, size}, remote = {(void *)(uintptr_t)address, size};
    return process_vm_readv(pid, &local, 1, &remote, 1, 0) == (ssize_t)size ? 0 : EFAULT;
}

static int copy_to(pid_t pid, uint64_t address, const void *from, size_t size) {
    struct iovec local = {(void *)(uintptr_t)from, size}, remote = {(void *)(uintptr_t)address, size};
    return process_vm_writev(pid, &local, 1, &remote, 1, 0) == (ssize_t)size ? 0 : EFAULT;
}

/* A host that throttles: the driver tries again by itself and gives up, wiping its key, after its limit. */
static int wait_for_host(struct driver *driver, uint64_t *exit_info) {
    unsigned waited = 0;
    while (driver->faults.busy > 0) {
        driver->faults.busy--;
        if (waited > driver->faults.busy_limit_ms) {
            *exit_info = SNP_VMM_BUSY;
            driver->wiped = true;
            return ETIMEDOUT;
        }
        pause_ms(driver->faults.busy_retry_ms);
        waited += driver->faults.busy_retry_ms;
    }
    return 0;
}

/* What happens to every request before the firmware's answer; called with the mutex held. */
static int send_request(struct driver *driver, uint64_t *exit_info) {
    if (driver->wiped) {
        return ENOTTY;
    }
    driver->requests++;
    int error = wait_for_host(driver, exit_info);
    if (error != 0) {
        return error;
    }
    pause_ms(driver->faults.delay_ms);
    if (driver->faults.fail_at != 0 && driver->requests == driver->faults.fail_at) {
        *exit_info = driver->faults.fail_code;
        driver->wiped = true; /* an error from below costs the key: the sequence number must not be used twice */
        return EIO;
    }
    *exit_info = 0;
    return 0;
}

static int report(struct driver *driver, pid_t pid, struct snp_request *outer) {
    struct snp_report_request request;
    uint8_t response[SNP_REPORT_RESPONSE_SIZE];
    if (outer->request == 0 || outer->response == 0) {
        return EINVAL;
    }
    if (copy_from(pid, outer->request, &request, sizeof request) != 0) {
        return EFAULT;
    }
    int error = send_request(driver, &outer->exit_info);
    if (error != 0) {
        return error;
    }
    if (!firmware_report(driver->firmware, &request, response)) {
        return EBADMSG;
    }
    return copy_to(pid, outer->response, response, sizeof response);
}

static int extended_report(struct driver *driver, pid_t pid, struct snp_request *outer) {
    struct snp_extended_report_request request;
    uint8_t response[SNP_REPORT_RESPONSE_SIZE];
    size_t wanted = certificate_pages(driver), offered = 0;
    if (outer->request == 0 || outer->response == 0) {
        return EINVAL;
    }
    if (copy_from(pid, outer->request, &request, sizeof request) != 0) {
        return EFAULT;
    }
    if (request.certificates_length != 0 && request.certificates != 0) {
        if (request.certificates_length > SNP_CERTIFICATES_LIMIT || request.certificates_length % SNP_PAGE_SIZE != 0) {
            return EINVAL;
        }
        offered = request.certificates_length / SNP_PAGE_SIZE;
    }
    int error = send_request(driver, &outer->exit_info);
    if (error != 0) {
        return error;
    }
    if (offered < wanted) { /* the report was made, but the table does not fit: say how much room it needs */
        outer->exit_info = SNP_VMM_INVALID_LENGTH;
        request.certificates_length = (uint32_t)(wanted * SNP_PAGE_SIZE);
        return copy_to(pid, outer->request, &request, sizeof request) != 0 ? EFAULT : EIO;
    }
    if (!firmware_report(driver->firmware, &request.report, response)) {
        return EBADMSG;
    }
    uint8_t table[SNP_CERTIFICATES_LIMIT] = {0};
    memcpy(table, driver->certificates, driver->certificates_size);
    if (offered > 0 && copy_to(pid, request.certificates, table, offered * SNP_PAGE_SIZE) != 0) {
        return EFAULT;
    }
    return copy_to(pid, outer->response, response, sizeof response);
}

static int derived_key(struct driver *driver, pid_t pid, struct snp_request *outer) {
    struct snp_key_request request;
    uint8_t response[SNP_KEY_RESPONSE_SIZE];
    if (outer->request == 0 || outer->response == 0) {
        return EINVAL;
    }
    if (copy_from(pid, outer->request, &request, sizeof request) != 0) {
        return EFAULT;
    }
    int error = send_request(driver, &outer->exit_info);
    if (error != 0) {
        return error;
    }
    firmware_derived_key(driver->firmware, &request, response);
    error = copy_to(pid, outer->response, response, sizeof response);
    explicit_bzero(response, sizeof response);
    return error;
}

int driver_ioctl(struct driver *driver, pid_t pid, unsigned command, struct snp_request *outer, bool *copy_out) {
    int error = ENOTTY;
    *copy_out = false;
    if (outer->message_version == 0) {
        return EINVAL;
    }
    outer->exit_info = SNP_EXIT_INFO_PRESET;
    pthread_mutex_lock(&driver->mutex);
    switch (command) {
    case SNP_IOCTL_REPORT: error = report(driver, pid, outer); break;
    case SNP_IOCTL_DERIVED_KEY: error = derived_key(driver, pid, outer); break;
    case SNP_IOCTL_EXTENDED_REPORT: error = extended_report(driver, pid, outer); break;
    default: break;
    }
    pthread_mutex_unlock(&driver->mutex);
    *copy_out = outer->exit_info != 0; /* the driver leaves the structure alone when there is nothing to tell */
    return error;
}

int driver_report(struct driver *driver, const struct snp_report_request *request, uint8_t out[SNP_REPORT_SIZE]) {
    uint8_t response[SNP_REPORT_RESPONSE_SIZE];
    uint64_t exit_info = SNP_EXIT_INFO_PRESET;
    pthread_mutex_lock(&driver->mutex);
    int error = send_request(driver, &exit_info);
    if (error == 0 && !firmware_report(driver->firmware, request, response)) {
        error = EBADMSG;
    }
    pthread_mutex_unlock(&driver->mutex);
    if (error == 0 && response[0] != 0) {
        error = EINVAL;
    }
    if (error == 0) {
        memcpy(out, response + SNP_REPORT_RESPONSE_HEADER, SNP_REPORT_SIZE);
    }
    return error;
}
