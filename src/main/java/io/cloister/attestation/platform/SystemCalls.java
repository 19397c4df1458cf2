package io.cloister.attestation.platform;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.NoSuchElementException;

/** open, close, ioctl and strerror of the C library that the JDK itself runs on. */
final class SystemCalls {
    private static final int READ_WRITE = 2;
    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final long MAX_TEXT = 256;
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final MethodHandle open;
    private final MethodHandle close;
    private final MethodHandle ioctl;
    private final MethodHandle strerror;

    private SystemCalls() {
        Linker linker = Linker.nativeLinker();
        SymbolLookup library = linker.defaultLookup();
        Linker.Option errno = Linker.Option.captureCallState("errno");
        this.open = linker.downcallHandle(
                library.findOrThrow("open"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2),
                errno);
        this.close = linker.downcallHandle(
                library.findOrThrow("close"), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT), errno);
        this.ioctl = linker.downcallHandle(
                library.findOrThrow("ioctl"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
                Linker.Option.firstVariadicArg(2),
                errno);
        this.strerror = linker.downcallHandle(
                library.findOrThrow("strerror"), FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    }

    /** @throws PlatformException LibraryMissing where the JDK cannot call into C */
    static SystemCalls load() {
        try {
            return new SystemCalls();
        } catch (UnsupportedOperationException | IllegalCallerException | NoSuchElementException e) {
            throw new PlatformException.LibraryMissing("this JDK calls no C functions: " + e.getMessage(), e);
        }
    }

    /** A call that fills the captured state. */
    private interface Call {
        int run(MemorySegment state) throws Throwable;
    }

    /** What the call answers when it is not negative, else minus the errno. */
    private static int run(Call call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result = call.run(state);
            return result >= 0 ? result : -(int) ERRNO.get(state, 0L);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a C function threw", e);
        }
    }

    int open(String path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path);
            return run(state -> (int) open.invokeExact(state, name, READ_WRITE | CLOSE_ON_EXEC));
        }
    }

    int close(int descriptor) {
        return run(state -> (int) close.invokeExact(state, descriptor));
    }

    int ioctl(int descriptor, long command, MemorySegment argument) {
        return run(state -> (int) ioctl.invokeExact(state, descriptor, command, argument));
    }

    /** The text that the JDK puts into the exceptions of failed reads and writes. */
    String text(int errno) {
        try {
            MemorySegment text = (MemorySegment) strerror.invokeExact(errno);
            return text.reinterpret(MAX_TEXT).getString(0);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a C function threw", e);
        }
    }
}
