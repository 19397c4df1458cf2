/** Tests that run inside the server, in the deployed WAR. */
@NullMarked
package io.cloister.tests.container;

import org.jspecify.annotations.NullMarked;
