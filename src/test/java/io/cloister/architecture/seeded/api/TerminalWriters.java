package io.cloister.architecture.seeded.api;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.PrintStream;
import java.util.function.Consumer;

/** Classes beside the command line that write to the terminal. */
public final class TerminalWriters {
    static final class ByOut {
        void write() {
            System.out.println();
        }
    }

    static final class ByErr {
        PrintStream write() {
            return System.err;
        }
    }

    static final class ByConsole {
        Object write() {
            return System.console();
        }
    }

    static final class ByIo {
        void write() {
            IO.println();
        }
    }

    static final class ByDescriptor {
        Object write() {
            return FileDescriptor.out;
        }
    }

    static final class ByTrace {
        void write(IOException cause) {
            cause.printStackTrace();
        }
    }

    static final class ByTraceToAStream {
        void write(RuntimeException cause, PrintStream stream) {
            cause.printStackTrace(stream);
        }
    }

    static final class ByReferenceToATrace {
        Consumer<Exception> write() {
            return Exception::printStackTrace;
        }
    }

    static final class ByStack {
        void write() {
            Thread.dumpStack();
        }
    }
}
