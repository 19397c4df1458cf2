/** Tests of a node's whole process, started as a user starts one. */
@NullMarked
package io.cloister.tests.process;

import org.jspecify.annotations.NullMarked;
