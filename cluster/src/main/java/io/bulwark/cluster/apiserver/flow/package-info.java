/** Priority and fairness: how many requests of whom are served at once. */
@NullMarked
package io.bulwark.cluster.apiserver.flow;

import org.jspecify.annotations.NullMarked;
