/** Schedules of CronJobs; pure, for validation and for the controller. */
@NullMarked
package io.bulwark.cluster.schedule;

import org.jspecify.annotations.NullMarked;
