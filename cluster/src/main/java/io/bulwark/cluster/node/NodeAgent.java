package io.bulwark.cluster.node;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiClient;
import io.bulwark.client.EventRecorder;
import io.bulwark.client.Informer;
import io.bulwark.client.Query;
import io.bulwark.cluster.node.agent.Confinements;
import io.bulwark.cluster.node.agent.ContainerSpecs;
import io.bulwark.cluster.node.agent.ContainerStarts;
import io.bulwark.cluster.node.agent.ContainerStops;
import io.bulwark.cluster.node.agent.Environment;
import io.bulwark.cluster.node.agent.Heartbeat;
import io.bulwark.cluster.node.agent.Hooks;
import io.bulwark.cluster.node.agent.Housekeeping;
import io.bulwark.cluster.node.agent.LogRotation;
import io.bulwark.cluster.node.agent.MachineFacts;
import io.bulwark.cluster.node.agent.NodeConfiguration;
import io.bulwark.cluster.node.agent.NodeStatus;
import io.bulwark.cluster.node.agent.PodAdmission;
import io.bulwark.cluster.node.agent.PodEnd;
import io.bulwark.cluster.node.agent.PodEvents;
import io.bulwark.cluster.node.agent.PodNames;
import io.bulwark.cluster.node.agent.PodObjects;
import io.bulwark.cluster.node.agent.PodPorts;
import io.bulwark.cluster.node.agent.PodResizes;
import io.bulwark.cluster.node.agent.PodStatuses;
import io.bulwark.cluster.node.agent.PodWorkers;
import io.bulwark.cluster.node.agent.SandboxSpecs;
import io.bulwark.cluster.node.agent.StatusPublisher;
import io.bulwark.cluster.node.agent.Verdict;
import io.bulwark.cluster.node.image.ImageCollection;
import io.bulwark.cluster.node.image.ImagePuller;
import io.bulwark.cluster.node.image.PinnedImages;
import io.bulwark.cluster.node.probe.ProbeAction;
import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.server.PodDirectory;
import io.bulwark.cluster.node.stats.StatsSummary;
import io.bulwark.cluster.node.volume.PodVolumes;
import io.bulwark.cluster.platform.Component;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The node agent: registers a node, runs the pods that are bound to it, and reports on them. The
 * pods outlive it; the next agent adopts them.
 */
public final class NodeAgent implements Component {
  private static final Duration SYNC_LIMIT = Duration.ofSeconds(30);

  private final NodeConfiguration configuration;
  private final ContainerRuntime runtime;
  private final EventRecorder recorder;
  private final Heartbeat heartbeat;
  private final StatusPublisher publisher;
  private final PodWorkers workers;
  private final Housekeeping housekeeping;
  private final Informer pods;
  private final Informer services;
  private final NodePods directory;
  private final PodPorts ports;
  private final Thread begin;

  /**
   * @param ports of the node that lead to pods
   * @param client authenticates as {@code system:node:NAME} in the group {@code system:nodes}
   * @param runtime of this node; stays open when the agent closes
   * @throws IOException if the node's directory cannot be used or the machine cannot be read
   */
  public NodeAgent(
      NodeConfiguration configuration,
      ApiClient client,
      ContainerRuntime runtime,
      PodPorts ports,
      InstantSource clock)
      throws IOException {
    this.configuration = configuration;
    this.runtime = runtime;
    this.ports = ports;
    Files.createDirectories(configuration.podsDirectory());
    Files.createDirectories(configuration.logsDirectory());
    Files.setPosixFilePermissions(
        configuration.podsDirectory(), PosixFilePermissions.fromString("rwxr-x---"));
    MachineFacts machine = MachineFacts.read(configuration.directory());
    NodeStatus status = new NodeStatus(configuration, machine);
    recorder = new EventRecorder(client, "kubelet", configuration.name(), clock);
    heartbeat = new Heartbeat(configuration, client, runtime, status, recorder, clock);
    publisher = new StatusPublisher(client);
    pods =
        new Informer(
            client, Resources.PODS, null, Query.fields("spec.nodeName=" + configuration.name()));
    services = new Informer(client, Resources.SERVICES, null, Query.none());

    PodEvents events = new PodEvents(recorder);
    PodObjects objects = new PodObjects(client, clock, status::allocatable);
    PodVolumes volumes = new PodVolumes(configuration.podsDirectory(), objects);
    Confinements confinements = new Confinements(configuration.directory().resolve("seccomp"));
    PodNames names = new PodNames(configuration);
    SandboxSpecs sandboxes = new SandboxSpecs(configuration, names, confinements);
    Environment environment = new Environment(objects, this::servicesIn);
    ContainerSpecs specs = new ContainerSpecs(environment, confinements, volumes, machine.memory());
    ImagePuller puller =
        new ImagePuller(
            runtime.images(), new PinnedImages(runtime.images(), runtime.content()), clock);
    ProbeAction action = new ProbeAction(runtime);
    Hooks hooks = new Hooks(action);
    ContainerStops stops = new ContainerStops(runtime, hooks, events);
    ContainerStarts starts = new ContainerStarts(runtime, puller, objects, specs, hooks, events);
    PodEnd end = new PodEnd(runtime, stops, volumes, objects, puller, sandboxes);
    PodResizes resizes = new PodResizes(runtime, heartbeat::node, this::others, machine.memory());
    PodContainers containers =
        new PodContainers(configuration, starts, stops, resizes, action, events, this::wake, clock);
    PodPath path =
        new PodPath(
            runtime,
            this::admit,
            volumes,
            sandboxes,
            names,
            containers,
            new PodStatuses(configuration, specs, clock),
            resizes,
            end,
            ports,
            events,
            clock);
    workers = new PodWorkers(path, publisher, client, clock);
    housekeeping =
        new Housekeeping(
            runtime,
            workers,
            configuration,
            volumes,
            LogRotation.standard(runtime, clock),
            new ImageCollection(runtime, () -> disk(configuration.directory())),
            sandboxes,
            events);
    directory =
        new NodePods(
            workers,
            runtime,
            sandboxes,
            new StatsSummary(configuration.name(), runtime, configuration.directory(), clock));
    begin = Thread.ofVirtual().name("node-begin").unstarted(this::begin);
  }

  @Override
  public void start() {
    heartbeat.start();
    pods.onChange(this::changed);
    services.start();
    begin.start();
  }

  /** Waits for the node object and the services, so that the first pods see both. */
  private void begin() {
    try {
      services.awaitSynced(SYNC_LIMIT);
      heartbeat.awaitNode();
      pods.start();
      if (pods.awaitSynced(Duration.ofDays(1))) {
        ports.begin(pods.list());
        housekeeping.start();
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private static ImageCollection.Disk disk(Path directory) {
    try {
      FileStore store = Files.getFileStore(directory);
      return new ImageCollection.Disk(store.getTotalSpace(), store.getUsableSpace());
    } catch (IOException unknown) {
      return new ImageCollection.Disk(0, 0);
    }
  }

  private void changed(@Nullable Tree before, @Nullable Tree after) {
    workers.changed(before, after);
  }

  private void wake(String uid) {
    workers.wake(uid);
  }

  private List<Tree> others(String uid) {
    return workers.others(uid);
  }

  private @Nullable Verdict admit(Tree pod) {
    List<Tree> others = workers.others(Meta.uid(pod));
    Verdict verdict = PodAdmission.check(pod, heartbeat.node(), others);
    return verdict == null ? null : PodAdmission.check(pod, heartbeat.current(), others);
  }

  private List<Tree> servicesIn(String namespace) {
    return services.list(namespace);
  }

  /** Has the Node object tell that the node's endpoint is on this port. */
  public void listensOn(int port) {
    heartbeat.listensOn(port);
  }

  /** The node that the agent runs. */
  public NodeConfiguration configuration() {
    return configuration;
  }

  public ContainerRuntime runtime() {
    return runtime;
  }

  /** What the node endpoint serves. */
  public PodDirectory pods() {
    return directory;
  }

  @Override
  public void close() {
    begin.interrupt();
    pods.close();
    services.close();
    housekeeping.close();
    workers.close();
    publisher.close();
    heartbeat.close();
    recorder.close();
  }
}
