package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import java.util.List;
import java.util.Optional;

/**
 * The statements that open an epoch: of one recovery number, by strictly more than two thirds of the weight. The
 * recovery's leader chose and signed them; the epoch's first own block carries them.
 *
 * @param statements in strictly rising order of slots
 * @param signature of the leader's slot key, 65 bytes
 */
public record Opening(List<Statement> statements, Bytes signature) {
    private static final Bytes DOMAIN = Bytes.utf8("cloister/opening/v1");

    public Opening {
        statements = List.copyOf(statements);
        Limits.require(
                !statements.isEmpty() && statements.size() <= Limits.VALIDATORS, statements.size() + " statements");
        Limits.length(signature, Limits.SIGNATURE_BYTES, "a signature");
        int last = 0;
        for (Statement statement : statements) {
            boolean same = statement.recovery() == statements.getFirst().recovery();
            if (statement.slot() <= last || !same) {
                throw new CodecException(Reason.NOT_CANONICAL, "statements of other recoveries or not of rising slots");
            }
            last = statement.slot();
        }
    }

    /** The epoch that it opens. */
    public long epoch() {
        return statements.getFirst().recovery();
    }

    public List<KeyClaim> claims() {
        return statements.stream().map(Statement::claim).toList();
    }

    /** The highest base; its height is 0 for the genesis. */
    public Statement highest() {
        Statement highest = statements.getFirst();
        for (Statement statement : statements) {
            if (statement.baseHeight() > highest.baseHeight()) {
                highest = statement;
            }
        }
        return highest;
    }

    public long baseHeight() {
        return highest().baseHeight();
    }

    /** The latest polka above the highest base: if there is one, its block must be decided there. */
    public Optional<HeldPolka> required() {
        long base = baseHeight();
        Optional<HeldPolka> latest = Optional.empty();
        for (Statement statement : statements) {
            Optional<HeldPolka> held = statement.polka().filter(it -> statement.baseHeight() == base);
            if (held.isPresent() && latest.map(held.get()::isLaterThan).orElse(true)) {
                latest = held;
            }
        }
        return latest;
    }

    /** What the leader signs: the digest over the domain and all statements. Names the opening in headers. */
    public Bytes hash() {
        Writer writer = new Writer();
        writer.list(statements, (w, it) -> it.encode(w));
        return Hashes.sha256(DOMAIN, writer.toBytes());
    }

    public void encode(Writer writer) {
        writer.list(statements, (w, it) -> it.encode(w)).fixed(signature);
    }

    public static Opening decode(Reader reader) {
        return new Opening(reader.list(Limits.VALIDATORS, Statement::decode), reader.fixed(Limits.SIGNATURE_BYTES));
    }
}
