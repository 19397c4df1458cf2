package io.cloister.attestation.kds;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.kds.Miss.Reason;
import io.cloister.attestation.kds.StoreEntry.Intermediate;
import io.cloister.attestation.kds.StoreEntry.Leaf;
import io.cloister.attestation.kds.StoreEntry.Revocations;
import io.cloister.attestation.kds.StoreEntry.Root;
import io.cloister.attestation.snp.Crl;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Certificates and revocation lists on disk. All of it is public. What is read is vetted as if a stranger had sent it,
 * so a file that was changed or cut short is a miss and not a danger. Safe for use by several threads.
 */
public final class CollateralStore {
    /** Leaf certificates that a store keeps unless told otherwise. */
    public static final int DEFAULT_LEAVES = 4096;

    private final StoreFiles files;
    private final Vetting vetting;

    /** @param testRoots SHA-256 of the SubjectPublicKeyInfo of each test root to be trusted, none in production */
    public CollateralStore(Path folder, Set<Bytes> testRoots) {
        this(new StoreFiles(folder, DEFAULT_LEAVES), new Vetting(testRoots));
    }

    CollateralStore(StoreFiles files, Vetting vetting) {
        this.files = files;
        this.vetting = vetting;
    }

    /**
     * What an import did.
     *
     * @param kept files that are in the store now
     * @param refused each file that is not, with the reason, for people
     */
    public record Imported(int kept, List<String> refused) {
        public Imported {
            refused = List.copyOf(refused);
        }
    }

    Vetting.Vetted leaf(ChipKey key, Instant at) throws MissException {
        Bytes leaf = read(new Leaf(key));
        Issuers issuers = readIssuers(key.line(), SigningKeyKind.VCEK);
        return vetting.leaf(key, new Collateral(leaf, issuers.intermediate(), issuers.root()), at);
    }

    Issuers issuers(ProductLine line, SigningKeyKind kind) throws MissException {
        Issuers issuers = readIssuers(line, kind);
        vetting.issuers(line, kind, issuers);
        return issuers;
    }

    Crl list(ProductLine line, SigningKeyKind kind, Instant at) throws MissException {
        return vetting.list(
                read(new Revocations(line, kind)), issuers(line, kind).root(), at);
    }

    /** Keeps a vetted chain. */
    void keep(ChipKey key, Collateral chain) throws IOException {
        keep(key.line(), SigningKeyKind.VCEK, new Issuers(chain.intermediate(), chain.root()));
        files.write(new Leaf(key), chain.vek());
    }

    /** Keeps vetted issuers. */
    void keep(ProductLine line, SigningKeyKind kind, Issuers issuers) throws IOException {
        files.write(new Root(line), issuers.root());
        files.write(new Intermediate(line, kind), issuers.intermediate());
    }

    /** Keeps a vetted list unless a newer one of the same root is there. */
    boolean keep(ProductLine line, SigningKeyKind kind, Crl list, Bytes root) throws IOException {
        try {
            Bytes there = read(new Revocations(line, kind));
            if (vetting.list(there, root).thisUpdate().isAfter(list.thisUpdate())) {
                return false;
            }
        } catch (MissException absentOrUnsound) {
            // nothing there is worth keeping
        }
        files.write(new Revocations(line, kind), list.encode());
        return true;
    }

    /**
     * Writes all that is sound as one archive; the same content gives the same bytes anywhere.
     *
     * @return how many files are in it
     */
    public int exportTo(OutputStream output) throws IOException {
        Map<StoreEntry, Bytes> all = StoreArchive.sorted();
        for (StoreEntry entry : files.entries()) {
            try {
                files.read(entry).ifPresent(content -> all.put(entry, content));
            } catch (MissException tooLong) {
                continue;
            }
        }
        Map<StoreEntry, Bytes> sound = Sieve.of(all, Map.of(), vetting).sound();
        StoreArchive.write(sound, output);
        return sound.size();
    }

    /**
     * Takes over what is sound in an archive. Revocation lists never replace newer ones.
     *
     * @throws CodecException when it is no such archive: then nothing is kept
     */
    public Imported importFrom(InputStream input) throws IOException {
        Map<StoreEntry, Bytes> all = StoreArchive.read(input);
        Sieve sieve = Sieve.of(all, knownIssuers(), vetting);
        TreeMap<String, String> refused = new TreeMap<>(sieve.refused());
        int kept = 0;
        for (Map.Entry<StoreEntry, Bytes> file : sieve.sound().entrySet()) {
            if (file.getKey() instanceof Revocations entry && !keepImported(entry, file.getValue(), sieve)) {
                refused.put(entry.path(), "a newer list is there");
            } else {
                if (!(file.getKey() instanceof Revocations)) {
                    files.write(file.getKey(), file.getValue());
                }
                kept++;
            }
        }
        return new Imported(
                kept,
                refused.entrySet().stream()
                        .map(line -> line.getKey() + ": " + line.getValue())
                        .toList());
    }

    private boolean keepImported(Revocations entry, Bytes content, Sieve sieve) throws IOException {
        Bytes root = sieve.root(entry.line()).orElseThrow();
        return keep(entry.line(), entry.kind(), Crl.parse(content), root);
    }

    private Map<StoreEntry, Bytes> knownIssuers() throws IOException {
        Map<StoreEntry, Bytes> known = StoreArchive.sorted();
        for (ProductLine line : ProductLine.values()) {
            for (SigningKeyKind kind : SigningKeyKind.values()) {
                try {
                    Issuers issuers = issuers(line, kind);
                    known.put(new Root(line), issuers.root());
                    known.put(new Intermediate(line, kind), issuers.intermediate());
                } catch (MissException none) {
                    continue;
                }
            }
        }
        return known;
    }

    private Issuers readIssuers(ProductLine line, SigningKeyKind kind) throws MissException {
        return new Issuers(read(new Intermediate(line, kind)), read(new Root(line)));
    }

    private Bytes read(StoreEntry entry) throws MissException {
        try {
            Optional<Bytes> content = files.read(entry);
            return content.orElseThrow(() -> new MissException(Reason.ABSENT, "there is no " + entry.path()));
        } catch (IOException e) {
            throw new MissException(Reason.UNREACHABLE, "cannot read " + entry.path() + ": " + e.getMessage());
        }
    }
}
