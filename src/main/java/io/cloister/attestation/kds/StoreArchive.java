package io.cloister.attestation.kds;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A store as one ZIP file: first {@code cloister-collateral-v1} with the number of files in decimal and a line feed,
 * then the files by path, stored and not deflated, all of one date, so that equal stores give equal bytes.
 */
final class StoreArchive {
    static final String HEADER = "cloister-collateral-v1";
    static final int MAX_FILES = 8192;
    static final int MAX_TOTAL = 64 << 20;

    private static final int MAX_HEADER = 8;

    /** Not the beginning of the format's calendar: there Java adds the zone to it. */
    private static final LocalDateTime DATE = LocalDateTime.of(2000, 1, 1, 0, 0);

    private StoreArchive() {}

    static Map<StoreEntry, Bytes> sorted() {
        return new TreeMap<>(Comparator.comparing(StoreEntry::path));
    }

    static void write(Map<StoreEntry, Bytes> files, OutputStream output) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(output);
        add(zip, HEADER, Bytes.utf8(files.size() + "\n"));
        for (Map.Entry<StoreEntry, Bytes> file : files.entrySet()) {
            add(zip, file.getKey().path(), file.getValue());
        }
        zip.finish();
    }

    private static void add(ZipOutputStream zip, String name, Bytes content) throws IOException {
        byte[] bytes = content.toArray();
        CRC32 sum = new CRC32();
        sum.update(bytes);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(sum.getValue());
        entry.setTimeLocal(DATE);
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }

    /**
     * Reads an archive whole.
     *
     * @throws CodecException BAD_TEXT (no such archive), UNKNOWN (a name that no store has), NOT_CANONICAL (a name twice),
     *     TOO_LONG, TRUNCATED or TRAILING (fewer or more files than the header says)
     */
    static Map<StoreEntry, Bytes> read(InputStream input) throws IOException {
        try {
            ZipInputStream zip = new ZipInputStream(input);
            int announced = header(zip);
            Map<StoreEntry, Bytes> files = sorted();
            int total = 0;
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String name = entry.getName();
                StoreEntry file = StoreEntry.parse(name)
                        .orElseThrow(() -> new CodecException(Reason.UNKNOWN, "no store has a file of such a name"));
                Bytes content = content(zip, file.maxSize());
                total += content.length();
                if (files.put(file, content) != null) {
                    throw new CodecException(Reason.NOT_CANONICAL, name + " stands twice in the archive");
                }
                if (files.size() > announced) {
                    throw new CodecException(Reason.TRAILING, "the archive has more files than it says");
                }
                if (total > MAX_TOTAL) {
                    throw new CodecException(Reason.TOO_LONG, "the archive has more than " + MAX_TOTAL + " bytes");
                }
            }
            if (files.size() < announced) {
                throw new CodecException(Reason.TRUNCATED, "the archive has fewer files than it says");
            }
            return files;
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            throw new CodecException(Reason.BAD_TEXT, "not an archive of collateral: " + e.getMessage(), e);
        }
    }

    private static int header(ZipInputStream zip) throws IOException {
        ZipEntry first = zip.getNextEntry();
        if (first == null || !first.getName().equals(HEADER)) {
            throw new CodecException(Reason.BAD_TEXT, "not an archive of collateral: it does not begin with " + HEADER);
        }
        String text = new String(content(zip, MAX_HEADER).toArray(), StandardCharsets.US_ASCII);
        if (!text.matches("[0-9]{1,4}\n") || Integer.parseInt(text.strip()) > MAX_FILES) {
            throw new CodecException(Reason.TOO_LONG, "the archive announces no number of files up to " + MAX_FILES);
        }
        return Integer.parseInt(text.strip());
    }

    private static Bytes content(ZipInputStream zip, int limit) throws IOException {
        byte[] content = zip.readNBytes(limit + 1);
        if (content.length > limit) {
            throw new CodecException(Reason.TOO_LONG, "a file of the archive has more than " + limit + " bytes");
        }
        return Bytes.wrap(content);
    }
}
