package io.cloister.cli;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.util.regex.Pattern;

/** Numbers and byte strings as users write them. */
final class Numbers {
    private static final Pattern DECIMAL = Pattern.compile("\\d{1,19}");
    private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-fA-F]{1,16}");

    private Numbers() {}

    /**
     * A number of 0 to {@code most}, in decimal or, behind 0x, in hexadecimal.
     *
     * @throws CommandFailed with code 2 when it is none
     */
    static long number(String option, String text, long most) {
        return text.startsWith("0x") ? hex(option, text, most) : parse(option, text, DECIMAL, 10, most);
    }

    /** The same, always in hexadecimal, with or without 0x. */
    static long hex(String option, String text, long most) {
        return parse(option, text.startsWith("0x") ? text.substring(2) : text, HEXADECIMAL, 16, most);
    }

    private static long parse(String option, String digits, Pattern form, int radix, long most) {
        try {
            if (form.matcher(digits).matches()) {
                long value = Long.parseUnsignedLong(digits, radix);
                if (Long.compareUnsigned(value, most) <= 0) {
                    return value;
                }
            }
        } catch (NumberFormatException tooLong) {
            throw outOf(option, most);
        }
        throw outOf(option, most);
    }

    private static CommandFailed outOf(String option, long most) {
        return new CommandFailed(2, option + " takes a number of 0 to " + Long.toUnsignedString(most));
    }

    /** So many bytes in hexadecimal. */
    static Bytes bytes(String option, String text, int length) {
        try {
            Bytes value = Bytes.hex(text);
            if (value.length() == length) {
                return value;
            }
        } catch (CodecException noHexadecimal) {
            throw wrongBytes(option, length);
        }
        throw wrongBytes(option, length);
    }

    private static CommandFailed wrongBytes(String option, int length) {
        return new CommandFailed(2, option + " takes " + length + " bytes in hexadecimal");
    }
}
