/**
 * Where the certificates and revocation lists behind a report come from: the evidence, Azure's metadata service, a
 * store on disk, AMD's key distribution service; and the archive that carries a store to machines without a network.
 *
 * <p>An adapter: connections, files, threads and a clock are used here. What is fetched is vetted before it is kept or
 * handed out, with {@code SnpVerifier} and the pinned roots; nothing here judges evidence, and a verdict never depends
 * on where its collateral came from. Order, limits and layout are written down in {@code docs/collateral.md}.
 */
@NullMarked
package io.cloister.attestation.kds;

import org.jspecify.annotations.NullMarked;
