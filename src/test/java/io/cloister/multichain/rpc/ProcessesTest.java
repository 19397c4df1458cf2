package io.cloister.multichain.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cloister.multichain.rpc.dev.Anvil;
import io.cloister.multichain.rpc.dev.LitecoinRegtest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {

    @Test
    void litecoinKeepsItsChainAcrossARestartAndLeavesNoProcess(@TempDir Path folder) {
        assumeThat(LitecoinRegtest.find()).as("litecoind is not installed").isPresent();
        long first;
        long height;
        try (LitecoinRegtest node = LitecoinRegtest.start(folder)) {
            first = node.pid();
            node.mine(2);
            height = node.bitcoin().blockCount();
        }
        assertThat(isAlive(first)).isFalse();
        try (LitecoinRegtest node = LitecoinRegtest.start(folder)) {
            assertThat(node.bitcoin().blockCount()).isEqualTo(height);
            node.mine(1);
        }
    }

    @Test
    void anvilLeavesNoProcess(@TempDir Path folder) {
        assumeThat(Anvil.find(Path.of(""))).as("anvil is not installed").isPresent();
        long pid;
        try (Anvil anvil = Anvil.start(Anvil.find(Path.of("")).orElseThrow(), folder)) {
            pid = anvil.pid();
            anvil.ethereum().requireChain();
        }
        assertThat(isAlive(pid)).isFalse();
    }

    @Test
    void aProgramThatEndsAtOnceIsAnErrorWithWhatItSaid(@TempDir Path folder) throws IOException {
        Path broken = Files.writeString(folder.resolve("anvil"), "#!/bin/sh\necho cannot do that\nexit 3\n");
        assertThat(broken.toFile().setExecutable(true)).isTrue();
        assertThatThrownBy(() -> Anvil.start(broken, folder))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ended with 3")
                .hasMessageContaining("cannot do that");
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}
