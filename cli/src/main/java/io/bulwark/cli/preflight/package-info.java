/** What a machine must offer before a cluster starts on it, one check a class. */
@NullMarked
package io.bulwark.cli.preflight;

import org.jspecify.annotations.NullMarked;
