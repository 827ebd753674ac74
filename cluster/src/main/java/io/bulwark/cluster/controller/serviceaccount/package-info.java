/** What every namespace needs for its service accounts. */
@NullMarked
package io.bulwark.cluster.controller.serviceaccount;

import org.jspecify.annotations.NullMarked;
