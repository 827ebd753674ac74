/** The controllers of a cluster, each in a package of its own. */
@NullMarked
package io.bulwark.cluster.controller;

import org.jspecify.annotations.NullMarked;
