package io.cloister.attestation.kds;

import io.cloister.attestation.snp.Crl;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.attestation.snp.SnpCertificate;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** One file of a store. Its path has no part that anybody else chose: titles, hexadecimal and decimal digits. */
sealed interface StoreEntry {
    Pattern TCB = Pattern.compile("([0-9]{2,3}-){3,4}[0-9]{2,3}\\.der");

    /** Below the store's folder, with slashes. */
    String path();

    /** Bytes that the file may have. */
    default int maxSize() {
        return SnpCertificate.MAX_SIZE;
    }

    record Root(ProductLine line) implements StoreEntry {
        @Override
        public String path() {
            return line.title() + "/ark.der";
        }
    }

    record Intermediate(ProductLine line, SigningKeyKind kind) implements StoreEntry {
        @Override
        public String path() {
            return line.title() + (kind == SigningKeyKind.VLEK ? "/asvk.der" : "/ask.der");
        }
    }

    record Leaf(ChipKey key) implements StoreEntry {
        @Override
        public String path() {
            Tcb tcb = key.tcb();
            String version =
                    "%02d-%02d-%02d-%02d.der".formatted(tcb.bootLoader(), tcb.tee(), tcb.snp(), tcb.microcode());
            return key.line().title() + "/" + key.chipId().toHex() + "/"
                    + (tcb.layout().hasFmc() ? "%02d-%s".formatted(tcb.fmc(), version) : version);
        }
    }

    record Revocations(ProductLine line, SigningKeyKind kind) implements StoreEntry {
        @Override
        public String path() {
            return line.title() + "/" + kind.name().toLowerCase(Locale.ROOT) + ".crl";
        }

        @Override
        public int maxSize() {
            return Crl.MAX_SIZE;
        }
    }

    /** The entry with this very path; empty for any other text. */
    static Optional<StoreEntry> parse(String path) {
        String[] parts = path.split("/", 4);
        if (parts.length < 2 || parts.length > 3) {
            return Optional.empty();
        }
        return ProductLine.ofTitle(parts[0])
                .flatMap(line -> parts.length == 2 ? ofLine(line, parts[1]) : leaf(line, parts[1], parts[2]))
                .filter(entry -> entry.path().equals(path));
    }

    private static Optional<StoreEntry> ofLine(ProductLine line, String name) {
        return switch (name) {
            case "ark.der" -> Optional.of(new Root(line));
            case "ask.der" -> Optional.of(new Intermediate(line, SigningKeyKind.VCEK));
            case "asvk.der" -> Optional.of(new Intermediate(line, SigningKeyKind.VLEK));
            case "vcek.crl" -> Optional.of(new Revocations(line, SigningKeyKind.VCEK));
            case "vlek.crl" -> Optional.of(new Revocations(line, SigningKeyKind.VLEK));
            default -> Optional.empty();
        };
    }

    private static Optional<StoreEntry> leaf(ProductLine line, String chip, String name) {
        if (chip.length() != 2 * line.chipIdLength() || !TCB.matcher(name).matches()) {
            return Optional.empty();
        }
        String[] numbers = name.substring(0, name.length() - ".der".length()).split("-", -1);
        int fmc = line.tcbLayout().hasFmc() ? 1 : 0;
        if (numbers.length != 4 + fmc) {
            return Optional.empty();
        }
        try {
            Tcb tcb = new Tcb(
                    line.tcbLayout(),
                    fmc == 0 ? 0 : Integer.parseInt(numbers[0]),
                    Integer.parseInt(numbers[fmc]),
                    Integer.parseInt(numbers[fmc + 1]),
                    Integer.parseInt(numbers[fmc + 2]),
                    Integer.parseInt(numbers[fmc + 3]));
            return Optional.of(new Leaf(new ChipKey(line, Bytes.hex(chip), tcb)));
        } catch (CodecException e) {
            return Optional.empty();
        }
    }
}
