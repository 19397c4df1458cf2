/** Tests from a client's side against the WAR exactly as built. */
@NullMarked
package io.cloister.tests.client;

import org.jspecify.annotations.NullMarked;
