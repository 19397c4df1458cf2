package io.cloister.multichain.rpc;

import io.cloister.multichain.rpc.dev.Anvil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands one anvil to all tests that ask for it and stops it when the last has run. */
final class AnvilChain implements ParameterResolver {

    private record Running(Anvil anvil, Path folder) implements AutoCloseable {
        static Running start(Path binary) {
            try {
                Path folder = Files.createTempDirectory("cloister-anvil");
                return new Running(Anvil.start(binary, folder), folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws Exception {
            anvil.close();
            Files.deleteIfExists(folder.resolve("anvil.log"));
            Files.delete(folder);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Anvil.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Optional<Path> binary = Anvil.find(Path.of(""));
        Assumptions.assumeTrue(binary.isPresent(), "anvil is not installed: npm ci in src/main/solidity");
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(AnvilChain.class))
                .computeIfAbsent(Running.class, key -> Running.start(binary.orElseThrow()), Running.class)
                .anvil();
    }
}
