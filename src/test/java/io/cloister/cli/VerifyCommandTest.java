package io.cloister.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.ledger.membership.BundledChain;
import io.cloister.ledger.receipt.bundle.Bundle;
import io.cloister.ledger.receipt.bundle.BundleCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
    private final BundledChain chain = new BundledChain();

    @TempDir
    private Path folder;

    private static int verify(Path file, String anchor) throws IOException {
        return new VerifyCommand().run(List.of("receipt", file.toString(), "--anchor", anchor));
    }

    @Test
    void checksABundleOfAnyFormFromAnAnchor() throws IOException {
        Bundle bundle = chain.bundle(1, 11);
        String anchor = bundle.start().anchor().toString();
        assertThat(verify(Files.writeString(folder.resolve("a"), bundle.json()), anchor))
                .isZero();
        assertThat(verify(Files.write(folder.resolve("b"), bundle.cose().toArray()), anchor))
                .isZero();
    }

    @Test
    void rejectsWhatTheAnchorDoesNotProve() throws IOException {
        BundleCase bad = BundleCase.all(chain).getLast();
        Path file = Files.writeString(folder.resolve("a"), bad.json());
        assertThat(verify(file, bad.anchor().toString())).isEqualTo(1);
        assertThatThrownBy(() -> verify(file, "0x00@1")).isInstanceOf(CommandFailed.class);
        assertThatThrownBy(() -> verify(file, "genesis")).isInstanceOf(CommandFailed.class);
        Files.writeString(file, "{}");
        assertThatThrownBy(() -> verify(file, bad.anchor().toString())).isInstanceOf(CommandFailed.class);
    }
}
