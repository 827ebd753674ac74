/** Keeps cluster roles that are made of other cluster roles. */
@NullMarked
package io.bulwark.cluster.controller.rbac;

import org.jspecify.annotations.NullMarked;
