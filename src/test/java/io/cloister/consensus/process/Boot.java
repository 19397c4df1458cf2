package io.cloister.consensus.process;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Statement;
import io.cloister.consensus.engine.BootSigner;
import io.cloister.crypto.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;

/** One start of a replica: a vote key that dies with the process, and a counter that rises on the disk. */
final class Boot implements BootSigner {
    private static final String FILE = "boot";

    private final SigningKey slotKey;
    private final SigningKey voteKey;
    private final long counter;
    private volatile Consumer<Statement> taker = statement -> {};

    private Boot(SigningKey slotKey, SigningKey voteKey, long counter) {
        this.slotKey = slotKey;
        this.voteKey = voteKey;
        this.counter = counter;
    }

    /** The next one by the folder's counter; the first of all has the key that the genesis names. */
    static Boot next(Path folder, SigningKey slotKey, SigningKey first) throws IOException {
        Path file = folder.resolve(FILE);
        long counter = Files.exists(file) ? Long.parseLong(Files.readString(file)) + 1 : 1;
        note(folder, counter);
        return new Boot(slotKey, counter == 1 ? first : SigningKey.generate(), counter);
    }

    /** The next boot has a higher counter than this. */
    static void note(Path folder, long counter) throws IOException {
        Path written = folder.resolve("boot.new");
        Files.writeString(written, Long.toString(counter));
        Files.move(written, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    }

    void connect(Consumer<Statement> to) {
        taker = to;
    }

    long counter() {
        return counter;
    }

    SigningKey slotKey() {
        return slotKey;
    }

    @Override
    public Bytes voteKey() {
        return voteKey.id();
    }

    @Override
    public Bytes sign(Bytes digest) {
        return voteKey.sign(digest).recoverable();
    }

    @Override
    public Bytes signBySlot(Bytes digest) {
        return slotKey.sign(digest).recoverable();
    }

    @Override
    public void state(Request wanted) {
        Bytes evidence = RequestApplication.evidence(voteKey(), counter);
        taker.accept(wanted.statement(voteKey(), counter, evidence, this::signBySlot));
    }
}
