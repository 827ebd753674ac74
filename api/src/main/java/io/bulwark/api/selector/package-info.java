/** Label and field selectors in their textual and object forms. */
@NullMarked
package io.bulwark.api.selector;

import org.jspecify.annotations.NullMarked;
