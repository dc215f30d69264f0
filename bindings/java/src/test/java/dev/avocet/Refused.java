package dev.avocet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;

/** What a call is refused with. */
final class Refused {
    private Refused() {}

    /** The exception has the type of its status, these details, and the library's text first. */
    static Details refused(Status status, int argument, String name, long position, Executable call) {
        Throwable thrown = assertThrows(type(status), call);
        Details details = ((Failure) thrown).details();
        assertEquals(status, details.status(), thrown.getMessage());
        assertEquals(argument, details.argument(), thrown.getMessage());
        assertEquals(name, details.argumentName(), thrown.getMessage());
        assertEquals(position, details.position(), thrown.getMessage());
        assertTrue(thrown.getMessage().startsWith(details.toString()), thrown.getMessage());
        assertTrue(details.toString().startsWith(status.message()), details.toString());
        assertTrue(details.toString().contains(name), details.toString());
        return details;
    }

    static Details refused(Status status, int argument, String name, Executable call) {
        return refused(status, argument, name, 0, call);
    }

    static void missing(int argument, String name, Executable call) {
        refused(Status.NULL_POINTER, argument, name, call);
    }

    static void wrongSize(int argument, String name, long found, Executable call) {
        assertEquals(found, refused(Status.SHAPE_MISMATCH, argument, name, call).integer());
    }

    static void misaligned(int argument, String name, Executable call) {
        assertEquals(1, refused(Status.INVALID_ARGUMENT, argument, name, call).integer());
    }

    static void closed(int argument, String name, Executable call) {
        HandleException thrown = assertThrows(HandleException.class, call);
        assertEquals(Status.INVALID_ARGUMENT, thrown.details().status());
        assertEquals(argument, thrown.details().argument());
        assertEquals(name, thrown.details().argumentName());
        assertTrue(thrown.getMessage().endsWith(" is closed"), thrown.getMessage());
    }

    private static Class<? extends Throwable> type(Status status) {
        switch (status) {
            case NULL_POINTER:
                return NullArgumentException.class;
            case INDEX_OUT_OF_RANGE:
                return IndexException.class;
            case OUT_OF_MEMORY:
                return NativeMemoryError.class;
            case THREADS_UNAVAILABLE:
                return ThreadsUnavailableException.class;
            default:
                return InvalidArgumentException.class;
        }
    }
}
