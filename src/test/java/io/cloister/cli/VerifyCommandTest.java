package io.cloister.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.ledger.membership.BundledChain;
import io.cloister.ledger.receipt.bundle.Bundle;
import io.cloister.ledger.receipt.bundle.BundleCase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
    void printsTheFormThatAContractTakes() throws IOException {
        Bundle bundle = chain.bundle(13, 1);
        Path file = Files.write(folder.resolve("a"), bundle.cose().toArray());
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            assertThat(new VerifyCommand().run(List.of("receipt", file.toString(), "--abi")))
                    .isZero();
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo(bundle.abi().to0x());
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
