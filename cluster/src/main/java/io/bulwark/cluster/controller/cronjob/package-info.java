/** CronJobs: Jobs that are made by the clock. */
@NullMarked
package io.bulwark.cluster.controller.cronjob;

import org.jspecify.annotations.NullMarked;
