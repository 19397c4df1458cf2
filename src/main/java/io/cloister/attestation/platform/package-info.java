/**
 * Where evidence comes from: the SEV guest device through JNI or {@code java.lang.foreign}, configfs-tsm, the virtual TPMs
 * of Azure and Google Cloud, and, on machines without SEV-SNP, simulated chips under a test authority; how one is found;
 * and the service that makes one report answer many leaves.
 *
 * <p>Adapters: files, processes, threads, system calls and the C library under {@code sev-snp/} are used here and nowhere
 * else in this context. Nothing here judges evidence. Sources: Linux {@code sev-guest.h} and configfs-tsm, AMD 56860;
 * described in {@code docs/attestation.md}.
 */
@NullMarked
package io.cloister.attestation.platform;

import org.jspecify.annotations.NullMarked;
