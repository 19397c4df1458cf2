/**
 * AMD SEV-SNP attestation reports in three rooms: bytes ({@code AttestationReport}, {@code Tcb}, {@code
 * CertificateTable}), collateral ({@code SnpCertificate}) and cryptography ({@code SnpVerifier}). The fourth,
 * appraisal against a policy, is in {@code io.cloister.attestation}.
 *
 * <p>A pure core: bytes and an instant come in, a {@code Verification} goes out. It never asks a device, a network or a
 * clock, and never decides whether a genuine report is good enough. Sources: AMD 56860 (firmware ABI), AMD 57230 (VCEK
 * certificates), AMD 56421 (GHCB); described in {@code docs/attestation.md}.
 */
@NullMarked
package io.cloister.attestation.snp;

import org.jspecify.annotations.NullMarked;
