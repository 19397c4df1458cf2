package io.cloister.attestation.platform;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.snp.CertificateTable;
import io.cloister.attestation.snp.CertificateTable.Kind;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.ReportBuilder;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.attestation.snp.SnpCertificate;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * A chip that does not exist: an endorsement key under a {@link TestAuthority}, its certificates and a root for derived
 * keys. It can be kept in a folder, from which {@code cloister-snp-sim} and {@link PureJavaPlatform} bring it to life.
 */
public final class SimulatedChip implements AutoCloseable {
    /** Files of a saved chip. */
    static final String KEY_FILE = "vcek.pem";

    static final String TABLE_FILE = "certificates.bin";
    static final String ROOT_FILE = "derived-root.hex";

    private static final String PEM_BEGIN = "-----BEGIN PRIVATE KEY-----\n";
    private static final String PEM_END = "\n-----END PRIVATE KEY-----\n";
    private static final int P384_SIZE = 48;

    private final PrivateKey key;
    private final Collateral collateral;
    private final SecretBytes derivedRoot;
    private final SnpCertificate leaf;
    private final ProductLine line;

    SimulatedChip(PrivateKey key, Collateral collateral, SecretBytes derivedRoot) {
        this.key = key;
        this.collateral = collateral;
        this.derivedRoot = derivedRoot;
        this.leaf = SnpCertificate.parse(collateral.vek());
        this.line = leaf.productTitle()
                .flatMap(ProductLine::ofTitle)
                .orElseThrow(() -> new CodecException(Reason.UNKNOWN, "the leaf names no product line"));
    }

    public ProductLine line() {
        return line;
    }

    public Tcb tcb() {
        return leaf.tcb(line.tcbLayout());
    }

    /** Which kind of key the chip signs with. */
    public SigningKeyKind keyKind() {
        return leaf.provider().isPresent() ? SigningKeyKind.VLEK : SigningKeyKind.VCEK;
    }

    /** The chip's id; zeros for a cloud provider's key, whose reports hide it. */
    public Bytes chipId() {
        return leaf.hardwareId(line.chipIdLength()).orElseGet(() -> Bytes.zeros(line.chipIdLength()));
    }

    public Collateral collateral() {
        return collateral;
    }

    SecretBytes derivedRoot() {
        return derivedRoot;
    }

    /** Signs a report as the firmware would. */
    public Bytes sign(ReportBuilder report) {
        try {
            Signature signer = Signature.getInstance("SHA384withECDSAinP1363Format");
            signer.initSign(key);
            signer.update(report.signedBytes().buffer());
            Bytes signature = Bytes.wrap(signer.sign());
            return report.build(signature.slice(0, P384_SIZE), signature.slice(P384_SIZE, P384_SIZE));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the simulated chip cannot sign", e);
        }
    }

    /** The certificates as a host hands them out. */
    public CertificateTable certificateTable() {
        Map<Kind, Bytes> table = new EnumMap<>(Kind.class);
        table.put(keyKind() == SigningKeyKind.VLEK ? Kind.VLEK : Kind.VCEK, collateral.vek());
        table.put(Kind.ASK, collateral.intermediate());
        table.put(Kind.ARK, collateral.root());
        return new CertificateTable(table);
    }

    /**
     * Writes {@code vcek.pem}, {@code certificates.bin} and {@code derived-root.hex}, the secret ones for the owner
     * only.
     */
    public void save(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve(TABLE_FILE), certificateTable().encode().toArray());
        writeSecret(
                folder.resolve(KEY_FILE),
                PEM_BEGIN + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded()) + PEM_END);
        writeSecret(folder.resolve(ROOT_FILE), derivedRoot.use(HexFormat.of()::formatHex) + "\n");
    }

    private static void writeSecret(Path file, String content) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, content);
    }

    /**
     * Reads a saved chip.
     *
     * @throws CodecException when a file is not what it must be
     */
    public static SimulatedChip load(Path folder) throws IOException {
        CertificateTable table = CertificateTable.parse(Bytes.wrap(Files.readAllBytes(folder.resolve(TABLE_FILE))));
        Bytes vek = table.get(Kind.VCEK).or(() -> table.get(Kind.VLEK)).orElseThrow(SimulatedChip::incomplete);
        Collateral collateral = new Collateral(
                vek,
                table.get(Kind.ASK).orElseThrow(SimulatedChip::incomplete),
                table.get(Kind.ARK).orElseThrow(SimulatedChip::incomplete));
        byte[] root =
                Bytes.hex(Files.readString(folder.resolve(ROOT_FILE)).strip()).toArray();
        return new SimulatedChip(readKey(folder.resolve(KEY_FILE)), collateral, SecretBytes.taking(root));
    }

    private static CodecException incomplete() {
        return new CodecException(Reason.TRUNCATED, "a chip's folder lacks one of its certificates");
    }

    private static PrivateKey readKey(Path file) throws IOException {
        String pem = Files.readString(file, StandardCharsets.US_ASCII);
        if (!pem.startsWith(PEM_BEGIN) || !pem.endsWith(PEM_END)) {
            throw new CodecException(Reason.BAD_TEXT, file + " is not a PKCS #8 key in PEM");
        }
        try {
            byte[] encoded =
                    Base64.getMimeDecoder().decode(pem.substring(PEM_BEGIN.length(), pem.length() - PEM_END.length()));
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new CodecException(Reason.BAD_TEXT, file + " is not a P-384 key", e);
        }
    }

    @Override
    public void close() {
        derivedRoot.close();
    }
}
