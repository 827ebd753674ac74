/** Questions about identity and access, answered without storing anything. */
@NullMarked
package io.bulwark.cluster.apiserver.review;

import org.jspecify.annotations.NullMarked;
