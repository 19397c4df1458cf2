package io.cloister.attestation.kds;

import io.cloister.attestation.kds.Miss.Reason;
import io.cloister.attestation.snp.Crl;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.attestation.snp.SnpCertificate;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** AMD's key distribution service (AMD 57230 4). Answers are not vetted here. */
final class AmdKds implements AutoCloseable {
    private static final int MAX_CHAIN = 32 << 10;

    private final Remote remote;

    AmdKds(URI base, CollateralSettings.Limits limits, InstantSource clock) {
        this.remote = new Remote(base, limits, clock, Map.of(), proxy());
    }

    /** That of the machine, where it has one. */
    private static ProxySelector proxy() {
        return Optional.ofNullable(ProxySelector.getDefault()).orElse(HttpClient.Builder.NO_PROXY);
    }

    /** A chip's VCEK, DER. AMD gives VLEKs to their providers alone. */
    Bytes leaf(ChipKey key) throws MissException, InterruptedException {
        return Bytes.wrap(remote.get(path(key), SnpCertificate.MAX_SIZE));
    }

    Issuers issuers(ProductLine line, SigningKeyKind kind) throws MissException, InterruptedException {
        return issuers(Pem.certificates(remote.get(path(line, kind) + "/cert_chain", MAX_CHAIN), 2));
    }

    Bytes list(ProductLine line, SigningKeyKind kind) throws MissException, InterruptedException {
        return Bytes.wrap(remote.get(path(line, kind) + "/crl", Crl.MAX_SIZE));
    }

    /** The two of a PEM chain in their places: the root is the one that is named so. */
    static Issuers issuers(List<Bytes> two) throws MissException {
        try {
            boolean rootFirst =
                    SnpCertificate.parse(two.getFirst()).commonName().startsWith("ARK-");
            return rootFirst ? new Issuers(two.get(1), two.get(0)) : new Issuers(two.get(0), two.get(1));
        } catch (CodecException e) {
            throw new MissException(Reason.MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    static String path(ChipKey key) {
        Tcb tcb = key.tcb();
        return path(key.line(), SigningKeyKind.VCEK) + "/" + key.chipId().toHex() + "?"
                + (tcb.layout().hasFmc() ? "fmcSPL=%02d&".formatted(tcb.fmc()) : "")
                + "blSPL=%02d&teeSPL=%02d&snpSPL=%02d&ucodeSPL=%02d"
                        .formatted(tcb.bootLoader(), tcb.tee(), tcb.snp(), tcb.microcode());
    }

    private static String path(ProductLine line, SigningKeyKind kind) {
        return "/" + kind.name().toLowerCase(Locale.ROOT) + "/v1/" + line.title();
    }

    @Override
    public void close() {
        remote.close();
    }
}
