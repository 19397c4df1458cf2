package io.cloister.vault;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;

/** The SQL types of protected columns, the Java type that carries each, and its canonical encoding. */
public enum ColumnType {
    BYTES("bytea", Bytes.class),
    TEXT("text", String.class),
    LONG("bigint", Long.class),
    INT("integer", Integer.class),
    BOOL("boolean", Boolean.class);

    private final String sqlName;
    private final Class<?> javaType;

    ColumnType(String sqlName, Class<?> javaType) {
        this.sqlName = sqlName;
        this.javaType = javaType;
    }

    /** The name that information_schema gives to the type. */
    public String sqlName() {
        return sqlName;
    }

    public Class<?> javaType() {
        return javaType;
    }

    /** The value's canonical encoding; numbers in two's complement, big endian. */
    public Bytes encode(Object value) {
        return switch (value) {
            case Bytes bytes -> bytes;
            case String text -> Bytes.utf8(text);
            case Long number -> big(number, Long.BYTES);
            case Integer number -> big(number, Integer.BYTES);
            case Boolean truth -> new Writer().bool(truth).toBytes();
            default -> throw new IllegalArgumentException("no column holds a " + value.getClass());
        };
    }

    private static Bytes big(long value, int width) {
        byte[] encoded = new byte[width];
        for (int i = 0; i < width; i++) {
            encoded[i] = (byte) (value >>> (8 * (width - 1 - i)));
        }
        return Bytes.wrap(encoded);
    }
}
