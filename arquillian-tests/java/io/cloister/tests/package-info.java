/**
 * Tests against a running server: inside the container, from a client, and of the whole process.
 *
 * <p>They run in failsafe after the WAR is packaged, on the very archive that the build made.
 */
@NullMarked
package io.cloister.tests;

import org.jspecify.annotations.NullMarked;
