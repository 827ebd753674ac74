/** Rules of schemas and kinds. */
@NullMarked
package io.bulwark.cluster.apiserver.validate;

import org.jspecify.annotations.NullMarked;
