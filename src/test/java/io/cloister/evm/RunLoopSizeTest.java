package io.cloister.evm;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.crypto.Keccak256;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** HotSpot never compiles a method of more than 8,000 bytes of bytecode, so the hot ones must stay below. */
class RunLoopSizeTest {
    private static final int HUGE_METHOD = 8_000;

    @Test
    void keepsHotMethodsSmallEnoughToBeCompiled() throws IOException {
        assertThat(sizes(Interpreter.class).get("run")).isBetween(1_000, HUGE_METHOD);
        assertThat(sizes(Keccak256.class).get("permute")).isBetween(500, HUGE_METHOD);
        assertThat(sizes(Instructions.class).values()).allMatch(size -> size < HUGE_METHOD);
    }

    private static Map<String, Integer> sizes(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            return ClassFile.of().parse(in.readAllBytes()).methods().stream()
                    .filter(method -> method.findAttribute(Attributes.code()).isPresent())
                    .collect(Collectors.toMap(
                            method -> method.methodName().stringValue(),
                            method -> method.findAttribute(Attributes.code())
                                    .get()
                                    .codeLength(),
                            Math::max));
        }
    }
}
