/** The closed set of ways in which a request fails, and the Status that says so. */
@NullMarked
package io.bulwark.api.failure;

import org.jspecify.annotations.NullMarked;
