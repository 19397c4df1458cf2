package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who signed a document. A signer counts once, however often its key stands in the file; signatures that do not verify,
 * of strangers or of revoked keys count for nothing and do no harm.
 */
final class Quorum {
    private static final int SHORT_ID = 8;

    private final int threshold;
    private final Set<String> signers = new TreeSet<>();
    private int strangers;
    private int revoked;
    private int wrong;

    Quorum(
            Maintainers maintainers,
            SignedKind kind,
            Bytes document,
            ReleaseSignatures signatures,
            Set<Bytes> revokedKeys) {
        threshold = maintainers.threshold();
        Bytes message = kind.message(document);
        for (ReleaseSignatures.Entry entry : signatures.entries()) {
            Optional<MaintainerKey> key = maintainers.byId(entry.keyId());
            if (key.isEmpty()) {
                strangers++;
            } else if (revokedKeys.contains(entry.keyId())) {
                revoked++;
            } else if (key.get().verifies(message, entry.signature())) {
                signers.add(entry.keyId().toHex());
            } else {
                wrong++;
            }
        }
    }

    boolean reached() {
        return signers.size() >= threshold;
    }

    /** Ids of those that count. */
    Set<String> signers() {
        return signers;
    }

    String detail() {
        String who = String.join(
                ", ", signers.stream().map(id -> id.substring(0, SHORT_ID)).toList());
        String text = signers.size() + " signers of " + threshold + " needed" + (signers.isEmpty() ? "" : ": " + who);
        return text
                + count(wrong, "do not verify")
                + count(strangers, "of unknown keys")
                + count(revoked, "of revoked keys");
    }

    private static String count(int entries, String what) {
        return entries == 0 ? "" : "; " + entries + " " + what;
    }
}
