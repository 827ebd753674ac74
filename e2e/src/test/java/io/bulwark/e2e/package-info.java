/** Black-box tests: the packaged program, kubectl, and real containers. They need root. */
@NullMarked
package io.bulwark.e2e;

import org.jspecify.annotations.NullMarked;
