package io.bulwark.cluster.node.runtime;

import io.bulwark.cluster.node.runtime.ContainerSpec.Confinement;
import io.bulwark.cluster.node.runtime.cri.Capability;
import io.bulwark.cluster.node.runtime.cri.Container;
import io.bulwark.cluster.node.runtime.cri.ContainerConfig;
import io.bulwark.cluster.node.runtime.cri.ContainerMetadata;
import io.bulwark.cluster.node.runtime.cri.ContainerStatus;
import io.bulwark.cluster.node.runtime.cri.DNSConfig;
import io.bulwark.cluster.node.runtime.cri.Device;
import io.bulwark.cluster.node.runtime.cri.Image;
import io.bulwark.cluster.node.runtime.cri.ImageSpec;
import io.bulwark.cluster.node.runtime.cri.Int64Value;
import io.bulwark.cluster.node.runtime.cri.KeyValue;
import io.bulwark.cluster.node.runtime.cri.LinuxContainerConfig;
import io.bulwark.cluster.node.runtime.cri.LinuxContainerResources;
import io.bulwark.cluster.node.runtime.cri.LinuxContainerSecurityContext;
import io.bulwark.cluster.node.runtime.cri.LinuxPodSandboxConfig;
import io.bulwark.cluster.node.runtime.cri.LinuxSandboxSecurityContext;
import io.bulwark.cluster.node.runtime.cri.Mount;
import io.bulwark.cluster.node.runtime.cri.MountPropagation;
import io.bulwark.cluster.node.runtime.cri.NamespaceMode;
import io.bulwark.cluster.node.runtime.cri.NamespaceOption;
import io.bulwark.cluster.node.runtime.cri.PodIP;
import io.bulwark.cluster.node.runtime.cri.PodSandbox;
import io.bulwark.cluster.node.runtime.cri.PodSandboxConfig;
import io.bulwark.cluster.node.runtime.cri.PodSandboxMetadata;
import io.bulwark.cluster.node.runtime.cri.PodSandboxState;
import io.bulwark.cluster.node.runtime.cri.PodSandboxStatus;
import io.bulwark.cluster.node.runtime.cri.PortMapping;
import io.bulwark.cluster.node.runtime.cri.Protocol;
import io.bulwark.cluster.node.runtime.cri.SecurityProfile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Our values to CRI's messages and back. */
final class Wire {
  private Wire() {}

  static PodSandboxConfig sandbox(SandboxSpec spec) {
    LinuxSandboxSecurityContext.Builder security =
        LinuxSandboxSecurityContext.newBuilder()
            .setNamespaceOptions(namespaces(spec.namespaces()))
            .setPrivileged(spec.privileged())
            .setSeccomp(seccomp(spec.seccomp()))
            .addAllSupplementalGroups(spec.supplementalGroups());
    if (spec.runAsUser() != null) {
      security.setRunAsUser(number(spec.runAsUser()));
      if (spec.runAsGroup() != null) {
        security.setRunAsGroup(number(spec.runAsGroup()));
      }
    }
    PodSandboxConfig.Builder config =
        PodSandboxConfig.newBuilder()
            .setMetadata(
                PodSandboxMetadata.newBuilder()
                    .setName(spec.name())
                    .setNamespace(spec.namespace())
                    .setUid(spec.uid())
                    .setAttempt(spec.attempt()))
            .setHostname(spec.hostname())
            .setLogDirectory(spec.logDirectory().toString())
            .setDnsConfig(
                DNSConfig.newBuilder()
                    .addAllServers(spec.resolver().servers())
                    .addAllSearches(spec.resolver().searches())
                    .addAllOptions(spec.resolver().options()))
            .putAllLabels(spec.labels())
            .putAllAnnotations(spec.annotations())
            .setLinux(
                LinuxPodSandboxConfig.newBuilder()
                    .setCgroupParent(spec.cgroupParent())
                    .setSecurityContext(security)
                    .putAllSysctls(spec.sysctls()));
    for (SandboxSpec.PortMap port : spec.ports()) {
      config.addPortMappings(
          PortMapping.newBuilder()
              .setProtocol(Protocol.valueOf(port.protocol()))
              .setContainerPort(port.containerPort())
              .setHostPort(port.hostPort())
              .setHostIp(port.hostAddress()));
    }
    return config.build();
  }

  static ContainerConfig container(ContainerSpec spec) {
    ContainerConfig.Builder config =
        ContainerConfig.newBuilder()
            .setMetadata(
                ContainerMetadata.newBuilder().setName(spec.name()).setAttempt(spec.attempt()))
            .setImage(
                ImageSpec.newBuilder()
                    .setImage(spec.imageId())
                    .setUserSpecifiedImage(spec.imageName()))
            .addAllCommand(spec.command())
            .addAllArgs(spec.arguments())
            .setWorkingDir(spec.workingDirectory())
            .putAllLabels(spec.labels())
            .putAllAnnotations(spec.annotations())
            .setLogPath(spec.logPath())
            .setStdin(spec.stdin())
            .setStdinOnce(spec.stdinOnce())
            .setTty(spec.tty())
            .setLinux(
                LinuxContainerConfig.newBuilder()
                    .setResources(limits(spec.limits()))
                    .setSecurityContext(confinement(spec.confinement())));
    spec.environment()
        .forEach(
            variable ->
                config.addEnvs(
                    KeyValue.newBuilder().setKey(variable.name()).setValue(variable.value())));
    spec.mounts()
        .forEach(
            mount ->
                config.addMounts(
                    Mount.newBuilder()
                        .setContainerPath(mount.containerPath())
                        .setHostPath(mount.hostPath().toString())
                        .setReadonly(mount.readOnly())
                        .setPropagation(propagation(mount.propagation()))));
    spec.devices()
        .forEach(
            device ->
                config.addDevices(
                    Device.newBuilder()
                        .setContainerPath(device.containerPath())
                        .setHostPath(device.hostPath())
                        .setPermissions(device.permissions())));
    return config.build();
  }

  static LinuxContainerResources limits(Limits limits) {
    return LinuxContainerResources.newBuilder()
        .setCpuShares(limits.cpuShares())
        .setCpuQuota(limits.cpuQuota())
        .setCpuPeriod(limits.cpuPeriod())
        .setMemoryLimitInBytes(limits.memory())
        .setMemorySwapLimitInBytes(limits.memory())
        .setOomScoreAdj(limits.oomScoreAdjustment())
        .build();
  }

  private static LinuxContainerSecurityContext confinement(Confinement confinement) {
    LinuxContainerSecurityContext.Builder security =
        LinuxContainerSecurityContext.newBuilder()
            .setPrivileged(confinement.privileged())
            .setCapabilities(
                Capability.newBuilder()
                    .addAllAddCapabilities(confinement.addCapabilities())
                    .addAllDropCapabilities(confinement.dropCapabilities()))
            .setNamespaceOptions(namespaces(confinement.namespaces()))
            .setReadonlyRootfs(confinement.readOnlyRoot())
            .setNoNewPrivs(confinement.noNewPrivileges())
            .addAllSupplementalGroups(confinement.supplementalGroups())
            .addAllMaskedPaths(confinement.maskedPaths())
            .addAllReadonlyPaths(confinement.readOnlyPaths())
            .setSeccomp(seccomp(confinement.seccomp()));
    Long user = confinement.runAsUser();
    if (user != null) {
      security.setRunAsUser(number(user));
    } else {
      security.setRunAsUsername(confinement.runAsUserName());
    }
    Long group = confinement.runAsGroup();
    if (group != null) {
      security.setRunAsGroup(number(group));
    }
    return security.build();
  }

  private static NamespaceOption namespaces(Namespaces namespaces) {
    NamespaceMode processes =
        namespaces.hostPid()
            ? NamespaceMode.NODE
            : !namespaces.target().isEmpty()
                ? NamespaceMode.TARGET
                : namespaces.sharedPid() ? NamespaceMode.POD : NamespaceMode.CONTAINER;
    return NamespaceOption.newBuilder()
        .setNetwork(namespaces.hostNetwork() ? NamespaceMode.NODE : NamespaceMode.POD)
        .setIpc(namespaces.hostIpc() ? NamespaceMode.NODE : NamespaceMode.POD)
        .setPid(processes)
        .setTargetId(namespaces.target())
        .build();
  }

  private static SecurityProfile seccomp(Seccomp seccomp) {
    SecurityProfile.Builder profile = SecurityProfile.newBuilder();
    switch (seccomp) {
      case Seccomp.RuntimeDefault _ ->
          profile.setProfileType(SecurityProfile.ProfileType.RuntimeDefault);
      case Seccomp.Unconfined _ -> profile.setProfileType(SecurityProfile.ProfileType.Unconfined);
      case Seccomp.Localhost(String path) ->
          profile.setProfileType(SecurityProfile.ProfileType.Localhost).setLocalhostRef(path);
    }
    return profile.build();
  }

  private static MountPropagation propagation(ContainerSpec.Propagation propagation) {
    return switch (propagation) {
      case NONE -> MountPropagation.PROPAGATION_PRIVATE;
      case HOST_TO_CONTAINER -> MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
      case BIDIRECTIONAL -> MountPropagation.PROPAGATION_BIDIRECTIONAL;
    };
  }

  private static Int64Value number(long value) {
    return Int64Value.newBuilder().setValue(value).build();
  }

  static SandboxState sandbox(PodSandbox sandbox) {
    return new SandboxState(
        sandbox.getId(),
        sandbox.getMetadata().getNamespace(),
        sandbox.getMetadata().getName(),
        sandbox.getMetadata().getUid(),
        sandbox.getMetadata().getAttempt(),
        sandbox.getState() == PodSandboxState.SANDBOX_READY,
        time(sandbox.getCreatedAt()),
        sandbox.getLabelsMap(),
        sandbox.getAnnotationsMap(),
        List.of());
  }

  static SandboxState sandbox(PodSandboxStatus sandbox) {
    List<String> addresses = new ArrayList<>();
    if (!sandbox.getNetwork().getIp().isEmpty()) {
      addresses.add(sandbox.getNetwork().getIp());
    }
    for (PodIP more : sandbox.getNetwork().getAdditionalIpsList()) {
      addresses.add(more.getIp());
    }
    return new SandboxState(
        sandbox.getId(),
        sandbox.getMetadata().getNamespace(),
        sandbox.getMetadata().getName(),
        sandbox.getMetadata().getUid(),
        sandbox.getMetadata().getAttempt(),
        sandbox.getState() == PodSandboxState.SANDBOX_READY,
        time(sandbox.getCreatedAt()),
        sandbox.getLabelsMap(),
        sandbox.getAnnotationsMap(),
        addresses);
  }

  static ContainerState container(Container container) {
    return new ContainerState(
        container.getId(),
        container.getPodSandboxId(),
        container.getMetadata().getName(),
        container.getMetadata().getAttempt(),
        phase(container.getState()),
        time(container.getCreatedAt()),
        Instant.EPOCH,
        Instant.EPOCH,
        0,
        "",
        "",
        container.getImage().getImage(),
        container.getImageRef(),
        container.getImageId(),
        container.getLabelsMap(),
        container.getAnnotationsMap(),
        "");
  }

  static ContainerState container(String sandboxId, ContainerStatus status) {
    return new ContainerState(
        status.getId(),
        sandboxId,
        status.getMetadata().getName(),
        status.getMetadata().getAttempt(),
        phase(status.getState()),
        time(status.getCreatedAt()),
        time(status.getStartedAt()),
        time(status.getFinishedAt()),
        status.getExitCode(),
        status.getReason(),
        status.getMessage(),
        status.getImage().getImage(),
        status.getImageRef(),
        status.getImageId(),
        status.getLabelsMap(),
        status.getAnnotationsMap(),
        status.getLogPath());
  }

  static ImageState image(Image image) {
    return new ImageState(
        image.getId(),
        image.getRepoTagsList(),
        image.getRepoDigestsList(),
        image.getSize(),
        image.hasUid() ? image.getUid().getValue() : null,
        image.getUsername());
  }

  private static ContainerState.Phase phase(
      io.bulwark.cluster.node.runtime.cri.ContainerState state) {
    return switch (state) {
      case CONTAINER_CREATED -> ContainerState.Phase.CREATED;
      case CONTAINER_RUNNING -> ContainerState.Phase.RUNNING;
      case CONTAINER_EXITED -> ContainerState.Phase.EXITED;
      case CONTAINER_UNKNOWN, UNRECOGNIZED -> ContainerState.Phase.UNKNOWN;
    };
  }

  static Instant time(long nanoseconds) {
    return nanoseconds <= 0
        ? Instant.EPOCH
        : Instant.ofEpochSecond(nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
  }
}
