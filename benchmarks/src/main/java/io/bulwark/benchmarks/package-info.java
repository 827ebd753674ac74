/** Measurements of a running cluster against the budgets of the design. */
@NullMarked
package io.bulwark.benchmarks;

import org.jspecify.annotations.NullMarked;
