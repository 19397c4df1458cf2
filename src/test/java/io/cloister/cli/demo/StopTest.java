package io.cloister.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StopTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    private final Stop stop = new Stop(out);

    @Test
    void saysOnceThatTheUserStoppedTheDemoAndNothingAfterIt() {
        try (Progress progress = new Progress(out, stop)) {
            stop.signalled();
            stop.signalled();
            progress.step(2, 9, "nodes");
            progress.summary("failed in step 2, nodes: node 1 has ended");
        }

        assertThat(stop.requested()).isTrue();
        assertThat(said.toString(StandardCharsets.UTF_8))
                .isEqualTo("\nstopped by Ctrl-C; what the demo started is being stopped as well\n");
    }

    @Test
    void saysNothingAtAnEndThatTheDemoFoundItself() {
        stop.ended();
        stop.signalled();

        assertThat(stop.requested()).isFalse();
        assertThat(said.size()).isZero();
    }
}
