/** The history of what makes pods, kept as ControllerRevisions. */
@NullMarked
package io.bulwark.cluster.controller.revision;

import org.jspecify.annotations.NullMarked;
