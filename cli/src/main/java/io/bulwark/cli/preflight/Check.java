package io.bulwark.cli.preflight;

import java.util.List;

/** One thing to look at before a cluster starts. */
interface Check {
  /** What is wrong; empty if nothing is. */
  List<Finding> look(Machine machine);
}
