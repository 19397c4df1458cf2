/**
 * The demo: two real chains, four attested nodes in four processes, and the main job carried through them step by step,
 * each with what was checked. It owns one folder and leaves no process, mount or lock behind.
 */
@NullMarked
package io.cloister.cli.demo;

import org.jspecify.annotations.NullMarked;
