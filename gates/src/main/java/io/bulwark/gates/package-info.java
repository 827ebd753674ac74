/** Checks of the source tree that the compiler does not make: format, file size and names. */
@NullMarked
package io.bulwark.gates;

import org.jspecify.annotations.NullMarked;
