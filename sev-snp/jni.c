/*
 * The native half of io.cloister.attestation.platform.SevGuestNative: open, close and the three requests of the
 * SEV guest driver. Each call answers 0 or an errno; what an errno and the driver's exit information mean is decided
 * in Java. Nothing is kept between calls.
 */
#include "snp_abi.h"

#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NATIVE(type, name) JNIEXPORT type JNICALL Java_io_cloister_attestation_platform_SevGuestNative_##name

/* Runs one request and hands the driver's exit information out. */
static int run(JNIEnv *env, int fd, unsigned long command, void *request, void *response, jlongArray exit_info) {
    struct snp_request outer = {
        .message_version = 1, .request = (uintptr_t)request, .response = (uintptr_t)response, .exit_info = 0};
    int error = ioctl(fd, command, &outer) == 0 ? 0 : errno;
    jlong info = (jlong)outer.exit_info;
    (*env)->SetLongArrayRegion(env, exit_info, 0, 1, &info);
    return error;
}

static void report_request(JNIEnv *env, struct snp_report_request *request, jbyteArray user_data, jint vmpl) {
    memset(request, 0, sizeof *request);
    (*env)->GetByteArrayRegion(env, user_data, 0, SNP_USER_DATA_SIZE, (jbyte *)request->user_data);
    request->vmpl = (uint32_t)vmpl;
}

NATIVE(jint, open)(JNIEnv *env, jclass self, jstring path) {
    (void)self;
    const char *name = (*env)->GetStringUTFChars(env, path, NULL);
    if (name == NULL) {
        return -ENOMEM;
    }
    int fd = open(name, O_RDWR | O_CLOEXEC);
    int error = errno;
    (*env)->ReleaseStringUTFChars(env, path, name);
    return fd >= 0 ? fd : -error;
}

NATIVE(jint, close)(JNIEnv *env, jclass self, jint fd) {
    (void)env;
    (void)self;
    return close(fd) == 0 ? 0 : errno;
}

NATIVE(jint, report)
(JNIEnv *env, jclass self, jint fd, jbyteArray user_data, jint vmpl, jbyteArray response, jlongArray exit_info) {
    (void)self;
    struct snp_report_request request;
    uint8_t answer[SNP_REPORT_RESPONSE_SIZE] = {0};
    report_request(env, &request, user_data, vmpl);
    if ((*env)->ExceptionCheck(env)) {
        return EINVAL;
    }
    int error = run(env, fd, SNP_IOCTL_REPORT, &request, answer, exit_info);
    (*env)->SetByteArrayRegion(env, response, 0, sizeof answer, (jbyte *)answer);
    return error;
}

/* exit_info holds two numbers here: the driver's exit information, and the certificate length that the driver wants. */
NATIVE(jint, extendedReport)
(JNIEnv *env, jclass self, jint fd, jbyteArray user_data, jint vmpl, jbyteArray certificates, jbyteArray response,
 jlongArray exit_info) {
    (void)self;
    struct snp_extended_report_request request = {0};
    uint8_t answer[SNP_REPORT_RESPONSE_SIZE] = {0};
    jsize length = (*env)->GetArrayLength(env, certificates);
    uint8_t *table = NULL;
    if (length > 0 && (table = aligned_alloc(SNP_PAGE_SIZE, ((size_t)length + SNP_PAGE_SIZE - 1) & -SNP_PAGE_SIZE)) == NULL) {
        return ENOMEM;
    }
    report_request(env, &request.report, user_data, vmpl);
    if ((*env)->ExceptionCheck(env)) {
        free(table);
        return EINVAL;
    }
    if (table != NULL) {
        memset(table, 0, (size_t)length);
    }
    request.certificates = (uintptr_t)table;
    request.certificates_length = (uint32_t)length;
    int error = run(env, fd, SNP_IOCTL_EXTENDED_REPORT, &request, answer, exit_info);
    jlong wanted = request.certificates_length;
    (*env)->SetLongArrayRegion(env, exit_info, 1, 1, &wanted);
    (*env)->SetByteArrayRegion(env, response, 0, sizeof answer, (jbyte *)answer);
    if (table != NULL) {
        (*env)->SetByteArrayRegion(env, certificates, 0, length, (jbyte *)table);
        free(table);
    }
    return error;
}

NATIVE(jint, derivedKey)
(JNIEnv *env, jclass self, jint fd, jint root_key_select, jlong guest_field_select, jint vmpl, jint guest_svn,
 jlong tcb_version, jbyteArray response, jlongArray exit_info) {
    (void)self;
    struct snp_key_request request = {.root_key_select = (uint32_t)root_key_select,
                                      .guest_field_select = (uint64_t)guest_field_select,
                                      .vmpl = (uint32_t)vmpl,
                                      .guest_svn = (uint32_t)guest_svn,
                                      .tcb_version = (uint64_t)tcb_version};
    uint8_t answer[SNP_KEY_RESPONSE_SIZE] = {0};
    int error = run(env, fd, SNP_IOCTL_DERIVED_KEY, &request, answer, exit_info);
    (*env)->SetByteArrayRegion(env, response, 0, sizeof answer, (jbyte *)answer);
    explicit_bzero(answer, sizeof answer);
    return error;
}
