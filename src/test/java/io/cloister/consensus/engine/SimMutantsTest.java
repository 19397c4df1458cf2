package io.cloister.consensus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimMutantsTest {
    @Test
    void everyMutantFitsTheSources(@TempDir Path folder) throws IOException {
        for (SimMutant mutant : SimMutants.ALL) {
            Path own = folder.resolve(Integer.toString(SimMutants.ALL.indexOf(mutant)));
            assertThat(mutant.write(Path.of("."), own)).isNotEmpty();
        }
        assertThat(SimMutants.ALL).hasSizeGreaterThanOrEqualTo(24);
        assertThat(SimMutants.ALL.stream().map(SimMutant::name)).doesNotHaveDuplicates();
    }
}
