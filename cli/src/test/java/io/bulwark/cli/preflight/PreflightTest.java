package io.bulwark.cli.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines with one thing wrong, each told with what to do. */
class PreflightTest {
  private static final String EVERYTHING = "000001ffffffffff";

  @TempDir private Path root;

  /** A machine on which nothing is wrong, as far as its files tell. */
  @BeforeEach
  void files() throws IOException {
    write("proc/self/ns/net", "");
    write("proc/filesystems", "nodev\ttmpfs\nnodev\toverlay\n");
    write("proc/self/status", "Name:\tjava\nCapEff:\t" + EVERYTHING + "\n");
    write("proc/17/comm", "sshd\n");
    write("sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory hugetlb pids\n");
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Machine machine(int port) {
    return new Machine(root.resolve("data"), port, true, root);
  }

  private static Finding only(Check check, Machine machine) {
    List<Finding> findings = check.look(machine);
    assertEquals(1, findings.size(), findings.toString());
    return findings.getFirst();
  }

  private static void says(Finding finding, boolean fatal, String problem, String remedy) {
    assertEquals(fatal, finding.fatal(), finding.toString());
    assertTrue(finding.problem().contains(problem), finding.toString());
    assertTrue(finding.remedy().contains(remedy), finding.toString());
  }

  @Test
  void aGoodMachineHasNoFindings() {
    for (Check check :
        List.of(
            new PortCheck(),
            new DiskCheck(),
            new ClockCheck(),
            new ControlGroupCheck(),
            new CapabilityCheck(),
            new FirewallCheck())) {
      List<Finding> fatal = check.look(machine(0)).stream().filter(Finding::fatal).toList();
      assertEquals(List.of(), fatal, check.toString());
    }
    assertEquals(List.of(), new FirewallCheck().look(machine(0)));
  }

  @Test
  void aPortThatSomebodyHas() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      int port = taken.getLocalPort();
      says(only(new PortCheck(), machine(port)), true, "port " + port + " is in use", "--port");
    }
  }

  @Test
  void aPlaceThatIsNoDirectory() throws IOException {
    write("data", "a file");
    says(only(new DiskCheck(), machine(0)), true, "cannot write to", "--data-dir");
  }

  @Test
  void aClockThatWentBack() throws IOException {
    write("data/pki/ca.crt", "");
    assertEquals(List.of(), new ClockCheck().look(machine(0)));
    Files.setLastModifiedTime(
        root.resolve("data/pki/ca.crt"), FileTime.from(Instant.now().plus(Duration.ofHours(1))));
    says(only(new ClockCheck(), machine(0)), true, "before the cluster was made", "set the clock");
  }

  @Test
  void controlGroupsOfVersionTwoWithoutMemory() throws IOException {
    write("sys/fs/cgroup/cgroup.controllers", "cpuset cpu io pids\n");
    says(
        only(new ControlGroupCheck(), machine(0)),
        true,
        "control groups without memory",
        "cgroup_enable=memory");
  }

  @Test
  void controlGroupsOfVersionOne() throws IOException {
    Files.delete(root.resolve("sys/fs/cgroup/cgroup.controllers"));
    says(only(new ControlGroupCheck(), machine(0)), true, "without cpu, memory, pids", "mount");
    for (String controller : List.of("cpu", "memory", "pids")) {
      Files.createDirectories(root.resolve("sys/fs/cgroup").resolve(controller));
    }
    assertEquals(List.of(), new ControlGroupCheck().look(machine(0)));
  }

  @Test
  void missingCapabilities() throws IOException {
    write("proc/self/status", "CapEff:\t000001ffffffefff\n");
    says(only(new CapabilityCheck(), machine(0)), true, "CAP_NET_ADMIN", "privileged container");
    write("proc/self/status", "CapEff:\t000001ffffdfffff\n");
    says(only(new CapabilityCheck(), machine(0)), true, "CAP_SYS_ADMIN", "privileged container");
    write("proc/self/status", "CapEff:\t000001fffeffffff\n");
    says(only(new CapabilityCheck(), machine(0)), false, "CAP_SYS_RESOURCE", "out-of-memory");
  }

  @Test
  void aKernelWithoutNamespacesOrOverlays() throws IOException {
    Files.delete(root.resolve("proc/self/ns/net"));
    assertTrue(
        new KernelFeatureCheck()
            .look(machine(0)).stream()
                .anyMatch(finding -> finding.fatal() && finding.problem().contains("namespaces")));
  }

  @Test
  void aContainerdThatIsTooOld() throws IOException {
    assertEquals(List.of(), containerd("1.5.9").look(machine(0)), "asked on Ubuntu only");
    write("etc/os-release", "NAME=Ubuntu\nID=ubuntu\nVERSION_ID=\"22.04\"\n");
    says(only(containerd("1.5.9-0ubuntu3"), machine(0)), true, "1.5.9 does not speak", "apt-get");
    assertEquals(List.of(), containerd("1.7.12").look(machine(0)));
    assertEquals(List.of(), containerd("no version at all").look(machine(0)));
    write("sys/kernel/security/apparmor/profiles", "crun (unconfined)\nrunc (unconfined)\n");
    says(only(containerd("1.7.12"), machine(0)), false, "cannot stop containers", "apt-get");
    says(only(containerd("1.6.20~ds1"), machine(0)), false, "1.6.20 cannot stop", "apt-get");
    for (String lenient : List.of("1.7.17", "1.7.28-0ubuntu1~24.04.1", "1.6.32", "v2.1.3")) {
      assertEquals(List.of(), containerd(lenient).look(machine(0)), lenient);
    }
  }

  private static Check containerd(String version) {
    return new ContainerdCheck(
        () -> "containerd github.com/containerd/containerd " + version + "\n");
  }

  @Test
  void firewallsInTheWay() throws IOException {
    write("proc/18/comm", "firewalld\n");
    write("etc/ufw/ufw.conf", "ENABLED=yes\n");
    List<Finding> findings = new FirewallCheck().look(machine(0));
    says(findings.getFirst(), false, "firewalld is active", "--add-source=10.");
    says(findings.getLast(), false, "ufw is active", "ufw route allow from 10.");
    write("proc/18/comm", "bash\n");
    write("etc/ufw/ufw.conf", "ENABLED=no\n");
    assertEquals(List.of(), new FirewallCheck().look(machine(0)));
  }

  @Test
  void simulatedNodesNeedNoneOfIt() throws IOException {
    write("proc/18/comm", "firewalld\n");
    write("proc/self/status", "CapEff:\t0\n");
    Files.delete(root.resolve("sys/fs/cgroup/cgroup.controllers"));
    assertFalse(
        Preflight.look(new Machine(root.resolve("data"), 0, false, root)).stream()
            .anyMatch(Finding::fatal));
  }
}
