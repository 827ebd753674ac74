/** A whole cluster in the JVM of a JUnit 5 or 6 test. */
@NullMarked
package io.bulwark.junit;

import org.jspecify.annotations.NullMarked;
