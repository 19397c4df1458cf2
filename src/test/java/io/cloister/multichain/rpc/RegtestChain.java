package io.cloister.multichain.rpc;

import io.cloister.multichain.rpc.dev.LitecoinRegtest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands one Litecoin Core node to all tests that ask for it and stops it when the last has run. */
final class RegtestChain implements ParameterResolver {

    private record Running(LitecoinRegtest node, Path folder) implements AutoCloseable {
        static Running start() throws Exception {
            Path folder = Files.createTempDirectory("cloister-litecoin");
            return new Running(LitecoinRegtest.start(folder), folder);
        }

        @Override
        public void close() throws Exception {
            node.close();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file :
                        files.sorted((left, right) -> right.compareTo(left)).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == LitecoinRegtest.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Assumptions.assumeTrue(LitecoinRegtest.find().isPresent(), "litecoind is not installed");
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(RegtestChain.class))
                .computeIfAbsent(
                        Running.class,
                        key -> {
                            try {
                                return Running.start();
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        Running.class)
                .node();
    }
}
