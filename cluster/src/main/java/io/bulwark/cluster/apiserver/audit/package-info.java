/** Who did what, when, with which result. */
@NullMarked
package io.bulwark.cluster.apiserver.audit;

import org.jspecify.annotations.NullMarked;
