package io.cloister.attestation.tpm;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/** A machine of the simulator's, kept as bytes in {@code tpm/golden.properties}, so that encodings cannot drift unseen. */
final class GoldenVectors {
    private static final String RESOURCE = "/tpm/golden.properties";

    private final Properties values = new Properties();

    GoldenVectors() {
        try (InputStream in = GoldenVectors.class.getResourceAsStream(RESOURCE)) {
            values.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Bytes get(String name) {
        return Bytes.hex(values.getProperty(name));
    }

    QuoteEvidence evidence(String quote, String signature, String log) {
        return new QuoteEvidence(get(quote), get(signature), PcrValues.parse(get("pcrs")), get(log));
    }

    /** Writes new vectors into the folder of resources that the first argument names. */
    public static void main(String[] arguments) throws IOException {
        TestVtpm vtpm = TestVtpm.first();
        Bytes userData = TestChips.filled(64, 0xD7);
        Bytes log = new LogBuilder()
                .measured(0, "firmware")
                .measured(4, "boot loader")
                .event(9, LogBuilder.PROGRAM, Bytes.utf8("kernel"), Bytes.utf8("path of the kernel"))
                .build();
        SortedMap<Integer, Bytes> pcrs = new TreeMap<>(EventLog.parse(log).replay(TpmHash.SHA256));
        pcrs.put(16, Bytes.zeros(32));
        PcrValues quoted = new PcrValues(pcrs);
        QuoteEvidence good = vtpm.quote(TestVtpm.NONCE, quoted, log);
        QuoteEvidence stranger = TestVtpm.second().quote(TestVtpm.NONCE, quoted, log);
        Bytes json = Bytes.utf8(TestVtpm.json(vtpm.key(), userData));
        Collateral chain = TestVtpm.collateral();
        Map<String, Bytes> all = new LinkedHashMap<>();
        all.put("blob", TestVtpm.blob(json.asUtf8()));
        all.put("blob.unbound", TestVtpm.blob(json, userData));
        all.put("quote", good.quote());
        all.put("quote.signature", good.signature());
        all.put("stranger", stranger.quote());
        all.put("stranger.signature", stranger.signature());
        all.put("pcrs", quoted.encode());
        all.put("log", log);
        all.put("log.other", new LogBuilder().measured(4, "another boot loader").build());
        all.put("nonce", TestVtpm.NONCE);
        all.put("user-data", userData);
        all.put("root-digest", TestChips.authority(ProductLine.GENOA).rootDigest());
        all.put("leaf", chain.vek());
        all.put("intermediate", chain.intermediate());
        all.put("root", chain.root());
        StringBuilder text = new StringBuilder();
        all.forEach((name, value) ->
                text.append(name).append('=').append(value.toHex()).append('\n'));
        Files.writeString(Path.of(arguments[0] + RESOURCE), text, StandardCharsets.US_ASCII);
    }
}
