package io.cloister.attestation.kds;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.kds.StoreEntry.Intermediate;
import io.cloister.attestation.kds.StoreEntry.Leaf;
import io.cloister.attestation.kds.StoreEntry.Revocations;
import io.cloister.attestation.kds.StoreEntry.Root;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.codec.Bytes;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Parts files that lead to a trusted root and are what their names say from the rest, whatever their dates. */
final class Sieve {
    private final Map<StoreEntry, Bytes> files;
    private final Map<StoreEntry, Bytes> known;
    private final Vetting vetting;
    private final Map<StoreEntry, Bytes> sound = StoreArchive.sorted();
    private final Map<String, String> refused = new TreeMap<>();

    private Sieve(Map<StoreEntry, Bytes> files, Map<StoreEntry, Bytes> known, Vetting vetting) {
        this.files = files;
        this.known = known;
        this.vetting = vetting;
    }

    /** @param known issuers that are trusted already, for files that come without theirs */
    static Sieve of(Map<StoreEntry, Bytes> files, Map<StoreEntry, Bytes> known, Vetting vetting) {
        Sieve sieve = new Sieve(files, known, vetting);
        for (ProductLine line : ProductLine.values()) {
            for (SigningKeyKind kind : SigningKeyKind.values()) {
                sieve.issuers(line, kind);
            }
        }
        files.forEach(sieve::rest);
        return sieve;
    }

    Map<StoreEntry, Bytes> sound() {
        return sound;
    }

    /** Reasons by path. */
    Map<String, String> refused() {
        return refused;
    }

    /** The trusted root of a line. */
    Optional<Bytes> root(ProductLine line) {
        return trusted(new Root(line));
    }

    private void issuers(ProductLine line, SigningKeyKind kind) {
        Intermediate entry = new Intermediate(line, kind);
        Optional<Bytes> intermediate = Optional.ofNullable(files.get(entry));
        Optional<Bytes> root = Optional.ofNullable(files.get(new Root(line))).or(() -> trusted(new Root(line)));
        if (intermediate.isEmpty() || root.isEmpty()) {
            return;
        }
        try {
            vetting.issuers(line, kind, new Issuers(intermediate.get(), root.get()));
            sound.put(new Root(line), root.get());
            sound.put(entry, intermediate.get());
        } catch (MissException e) {
            refused.put(entry.path(), String.valueOf(e.getMessage()));
        }
    }

    private void rest(StoreEntry entry, Bytes content) {
        try {
            switch (entry) {
                case Leaf leaf -> {
                    vetting.leaf(leaf.key(), chain(leaf.key(), content));
                    sound.put(entry, content);
                }
                case Revocations list -> {
                    vetting.list(content, require(root(list.line())));
                    sound.put(entry, content);
                }
                case Root root -> requireSound(root);
                case Intermediate intermediate -> requireSound(intermediate);
            }
        } catch (MissException e) {
            refused.putIfAbsent(entry.path(), String.valueOf(e.getMessage()));
        }
    }

    private Collateral chain(ChipKey key, Bytes leaf) throws MissException {
        return new Collateral(
                leaf,
                require(trusted(new Intermediate(key.line(), SigningKeyKind.VCEK))),
                require(trusted(new Root(key.line()))));
    }

    private void requireSound(StoreEntry entry) throws MissException {
        require(Optional.ofNullable(sound.get(entry)));
    }

    private Optional<Bytes> trusted(StoreEntry entry) {
        return Optional.ofNullable(sound.get(entry)).or(() -> Optional.ofNullable(known.get(entry)));
    }

    private static Bytes require(Optional<Bytes> issuer) throws MissException {
        return issuer.orElseThrow(() -> new MissException(Miss.Reason.ABSENT, "its issuers are not there"));
    }
}
