package io.cloister.crypto;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * libsecp256k1 through the foreign function interface, out of the shared library that the secp256k1-kmp jar carries.
 * The context is randomised once and only read afterwards, so all calls are thread-safe. A pubkey is the library's
 * opaque 64 bytes and is valid only in this process. Calls with an upcall go the ordinary way; all others are critical
 * calls that read heap arrays in place.
 */
final class NativeSecp256k1 {
    static final int PUBKEY = 64;
    static final int SIGNATURE = 64;
    static final int RECOVERABLE = 65;

    private static final int CONTEXT_NONE = 1;
    private static final int COMPRESSED = 0x102;
    private static final int UNCOMPRESSED = 2;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARY = load();
    private static final Linker.Option[] IN_PLACE = {Linker.Option.critical(true)};
    private static final Linker.Option[] ORDINARY = {};

    private static final MethodHandle PARSE = function("secp256k1_ec_pubkey_parse", IN_PLACE, "pppl");
    private static final MethodHandle SERIALIZE = function("secp256k1_ec_pubkey_serialize", IN_PLACE, "ppppi");
    private static final MethodHandle CREATE = function("secp256k1_ec_pubkey_create", IN_PLACE, "ppp");
    private static final MethodHandle TWEAK_MUL = function("secp256k1_ec_pubkey_tweak_mul", IN_PLACE, "ppp");
    private static final MethodHandle NEGATE = function("secp256k1_ec_pubkey_negate", IN_PLACE, "pp");
    private static final MethodHandle COMBINE = function("secp256k1_ec_pubkey_combine", ORDINARY, "pppl");
    private static final MethodHandle ECDH = function("secp256k1_ecdh", ORDINARY, "pppppp");
    private static final MethodHandle SIGN = function("secp256k1_ecdsa_sign_recoverable", IN_PLACE, "pppppp");
    private static final MethodHandle RECOVERABLE_OUT =
            function("secp256k1_ecdsa_recoverable_signature_serialize_compact", IN_PLACE, "pppp");
    private static final MethodHandle RECOVERABLE_IN =
            function("secp256k1_ecdsa_recoverable_signature_parse_compact", IN_PLACE, "pppi");
    private static final MethodHandle RECOVER = function("secp256k1_ecdsa_recover", IN_PLACE, "pppp");
    private static final MethodHandle SIGNATURE_IN =
            function("secp256k1_ecdsa_signature_parse_compact", IN_PLACE, "ppp");
    private static final MethodHandle VERIFY = function("secp256k1_ecdsa_verify", IN_PLACE, "pppp");

    private static final MemorySegment CONTEXT = context();
    private static final MemorySegment KEEP_COORDINATES = keepCoordinates();

    private NativeSecp256k1() {}

    /** Parses 33 or 65 bytes; false when they are no point of the curve. */
    static boolean parse(byte[] pubkey, byte[] encoded) {
        try {
            return (int) PARSE.invokeExact(CONTEXT, heap(pubkey), heap(encoded), (long) encoded.length) == 1;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Writes 33 or 65 bytes, by the length of the target. */
    static void serialize(byte[] out, byte[] pubkey) {
        int form = out.length == 33 ? COMPRESSED : UNCOMPRESSED;
        try {
            long[] length = {out.length};
            int done =
                    (int) SERIALIZE.invokeExact(CONTEXT, heap(out), MemorySegment.ofArray(length), heap(pubkey), form);
            require(done);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** scalar * G in constant time; false when the scalar is zero. */
    static boolean create(byte[] pubkey, MemorySegment scalar) {
        try {
            return (int) CREATE.invokeExact(CONTEXT, heap(pubkey), scalar) == 1;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** pubkey = factor * pubkey in variable time; false when the factor is zero. */
    static boolean multiply(byte[] pubkey, byte[] factor) {
        try {
            return (int) TWEAK_MUL.invokeExact(CONTEXT, heap(pubkey), heap(factor)) == 1;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void negate(byte[] pubkey) {
        try {
            require((int) NEGATE.invokeExact(CONTEXT, heap(pubkey)));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** The sum; false when it is the point at infinity. */
    static boolean combine(byte[] pubkey, byte[]... terms) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment block = arena.allocate((long) PUBKEY * (terms.length + 1), 16);
            MemorySegment pointers = arena.allocate(MemoryLayout.sequenceLayout(terms.length, ValueLayout.ADDRESS));
            for (int i = 0; i < terms.length; i++) {
                MemorySegment slot = block.asSlice((long) PUBKEY * (i + 1), PUBKEY);
                slot.copyFrom(heap(terms[i]));
                pointers.setAtIndex(ValueLayout.ADDRESS, i, slot);
            }
            boolean finite = (int) COMBINE.invokeExact(CONTEXT, block, pointers, (long) terms.length) == 1;
            MemorySegment.copy(block, 0, heap(pubkey), 0, PUBKEY);
            return finite;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** The affine coordinates x || y of scalar * pubkey in constant time; false when the scalar is zero. */
    static boolean multiplySecretly(byte[] coordinates, byte[] pubkey, MemorySegment scalar) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(64);
            MemorySegment point = arena.allocate(PUBKEY);
            point.copyFrom(heap(pubkey));
            boolean finite =
                    (int) ECDH.invokeExact(CONTEXT, out, point, scalar, KEEP_COORDINATES, MemorySegment.NULL) == 1;
            MemorySegment.copy(out, 0, heap(coordinates), 0, 64);
            out.fill((byte) 0);
            return finite;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** RFC 6979 with SHA-256 and low s; r || s || recovery id. False when the key is zero. */
    static boolean sign(byte[] recoverable, byte[] digest, MemorySegment key) {
        byte[] opaque = new byte[RECOVERABLE];
        int[] recovery = new int[1];
        try {
            int done = (int)
                    SIGN.invokeExact(CONTEXT, heap(opaque), heap(digest), key, MemorySegment.NULL, MemorySegment.NULL);
            if (done != 1) {
                return false;
            }
            require((int) RECOVERABLE_OUT.invokeExact(
                    CONTEXT, heap(recoverable), MemorySegment.ofArray(recovery), heap(opaque)));
            recoverable[64] = (byte) recovery[0];
            return true;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** The signer's pubkey of r || s and a recovery id; false when there is none. High s is recovered too. */
    static boolean recover(byte[] pubkey, byte[] compact, int recovery, byte[] digest) {
        byte[] opaque = new byte[RECOVERABLE];
        try {
            return (int) RECOVERABLE_IN.invokeExact(CONTEXT, heap(opaque), heap(compact), recovery) == 1
                    && (int) RECOVER.invokeExact(CONTEXT, heap(pubkey), heap(opaque), heap(digest)) == 1;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Checks r || s; high s is refused. */
    static boolean verify(byte[] pubkey, byte[] compact, byte[] digest) {
        byte[] opaque = new byte[SIGNATURE];
        try {
            return (int) SIGNATURE_IN.invokeExact(CONTEXT, heap(opaque), heap(compact)) == 1
                    && (int) VERIFY.invokeExact(CONTEXT, heap(opaque), heap(digest), heap(pubkey)) == 1;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    private static MemorySegment heap(byte[] array) {
        return MemorySegment.ofArray(array);
    }

    private static void require(int done) {
        if (done != 1) {
            throw new IllegalStateException("libsecp256k1 refused a value that it made itself");
        }
    }

    private static RuntimeException broken(Throwable e) {
        return switch (e) {
            case RuntimeException failure -> failure;
            case Error error -> throw error;
            default -> new IllegalStateException("a native call failed", e);
        };
    }

    /** A function that returns an int, by one letter a parameter: pointer, long (size_t), int. */
    private static MethodHandle function(String name, Linker.Option[] options, String parameters) {
        MemoryLayout[] layouts = parameters
                .chars()
                .mapToObj(letter -> switch (letter) {
                    case 'p' -> ValueLayout.ADDRESS;
                    case 'l' -> ValueLayout.JAVA_LONG;
                    default -> ValueLayout.JAVA_INT;
                })
                .toArray(MemoryLayout[]::new);
        return LINKER.downcallHandle(
                LIBRARY.findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts), options);
    }

    private static MemorySegment context() {
        MethodHandle create = LINKER.downcallHandle(
                LIBRARY.findOrThrow("secp256k1_context_create"),
                FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        byte[] seed = new byte[32];
        new SecureRandom().nextBytes(seed);
        try {
            MemorySegment context = (MemorySegment) create.invokeExact(CONTEXT_NONE);
            require((int)
                    function("secp256k1_context_randomize", IN_PLACE, "pp").invokeExact(context, heap(seed)));
            return context;
        } catch (Throwable e) {
            throw broken(e);
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    private static MemorySegment keepCoordinates() {
        Class<MemorySegment> pointer = MemorySegment.class;
        try {
            MethodHandle target = MethodHandles.lookup()
                    .findStatic(
                            NativeSecp256k1.class,
                            "keepCoordinates",
                            MethodType.methodType(int.class, pointer, pointer, pointer, pointer));
            FunctionDescriptor type = FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS);
            return LINKER.upcallStub(target, type, Arena.global());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the upcall target is missing", e);
        }
    }

    /** The library's hash function of ECDH, which here keeps both coordinates instead of hashing them. */
    @SuppressWarnings("unused")
    private static int keepCoordinates(MemorySegment out, MemorySegment x, MemorySegment y, MemorySegment data) {
        MemorySegment target = out.reinterpret(64);
        MemorySegment.copy(x.reinterpret(32), 0, target, 0, 32);
        MemorySegment.copy(y.reinterpret(32), 0, target, 32, 32);
        return 1;
    }

    private static SymbolLookup load() {
        String architecture = switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "aarch64";
            default -> throw new IllegalStateException("no libsecp256k1 for this processor");
        };
        String resource = "/fr/acinq/secp256k1/jni/native/linux-" + architecture + "/libsecp256k1-jni.so";
        try (InputStream library = NativeSecp256k1.class.getResourceAsStream(resource)) {
            if (library == null) {
                throw new IllegalStateException("the class path has no " + resource);
            }
            Path file = Files.createTempFile("cloister-secp256k1", ".so");
            try {
                Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
                return SymbolLookup.libraryLookup(file, Arena.global());
            } finally {
                Files.delete(file); // stays mapped until the process ends
            }
        } catch (IOException e) {
            throw new UncheckedIOException("libsecp256k1 could not be unpacked", e);
        }
    }
}
