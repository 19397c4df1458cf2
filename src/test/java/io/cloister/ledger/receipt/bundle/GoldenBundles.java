package io.cloister.ledger.receipt.bundle;

import io.cloister.codec.Bytes;
import io.cloister.ledger.membership.BundledChain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bundles that stay as they are, in {@code src/test/resources/receipts}: each in CBOR, COSE and the ABI form, and its anchor
 * in {@code anchors.txt}. Run it to write them anew when an encoding has changed.
 */
public final class GoldenBundles {
    static final Path FOLDER = Path.of("src", "test", "resources", "receipts");

    private GoldenBundles() {}

    public static void main(String[] arguments) throws IOException {
        BundledChain chain = new BundledChain();
        Map<String, Bundle> bundles = new LinkedHashMap<>();
        bundles.put("newer-anchor", chain.bundle(1, BundledChain.HEIGHTS));
        bundles.put("recovery", chain.bundle(7, 4));
        bundles.put("key-claims", chain.bundle(13, 12));
        Files.createDirectories(FOLDER);
        StringBuilder anchors = new StringBuilder();
        for (Map.Entry<String, Bundle> it : bundles.entrySet()) {
            Bundle bundle = it.getValue();
            write(it.getKey() + ".cbor", bundle.cbor());
            write(it.getKey() + ".cose", bundle.cose());
            write(it.getKey() + ".abi", bundle.abi());
            anchors.append(it.getKey())
                    .append(' ')
                    .append(bundle.start().anchor())
                    .append('\n');
        }
        Files.writeString(FOLDER.resolve("anchors.txt"), anchors.toString());
    }

    private static void write(String name, Bytes content) throws IOException {
        Files.write(FOLDER.resolve(name), content.toArray());
    }

    static Bytes read(String name) {
        try {
            return Bytes.wrap(Files.readAllBytes(FOLDER.resolve(name)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The bundles by name and with their anchors, all good. */
    public static List<BundleCase> cases() {
        return read("anchors.txt")
                .asUtf8()
                .lines()
                .map(line -> line.split(" ", -1))
                .map(words -> new BundleCase(
                        words[0], Bundle.ofCbor(read(words[0] + ".cbor")).json(), Anchor.parse(words[1]), ""))
                .toList();
    }

    /** The ABI form as it is kept. */
    public static Bytes abi(BundleCase it) {
        return read(it.name() + ".abi");
    }
}
