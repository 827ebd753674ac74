package io.bulwark.cluster.node.agent;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.pod.PodSpec;
import io.bulwark.cluster.node.runtime.SandboxSpec.Resolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a pod is called and how it looks up names: hostname, resolv.conf and hosts file.
 *
 * <p>Source: kubernetes.io/docs/concepts/services-networking/dns-pod-service.
 */
public final class PodNames {
  private static final int LONGEST_HOSTNAME = 63;
  private static final Path NODE_HOSTS = Path.of("/etc/hosts");
  private static final int MOST_SERVERS = 3;
  private static final int MOST_SEARCHES = 32;

  private final NodeConfiguration configuration;

  public PodNames(NodeConfiguration configuration) {
    this.configuration = configuration;
  }

  public String hostname(Tree pod) {
    String wish = pod.textOrEmpty("spec", "hostnameOverride");
    if (!wish.isEmpty()) {
      return wish;
    }
    return pod.flag("spec", "setHostnameAsFQDN") && !domain(pod).isEmpty()
        ? shortName(pod) + "." + domain(pod)
        : shortName(pod);
  }

  private static String shortName(Tree pod) {
    String named = pod.textOrEmpty("spec", "hostname");
    String name = named.isEmpty() ? Meta.name(pod) : named;
    if (name.length() <= LONGEST_HOSTNAME) {
      return name;
    }
    return name.substring(0, LONGEST_HOSTNAME).replaceFirst("[.-]+$", "");
  }

  private String domain(Tree pod) {
    String subdomain = pod.textOrEmpty("spec", "subdomain");
    return subdomain.isEmpty()
        ? ""
        : subdomain + "." + Meta.namespace(pod) + ".svc." + configuration.clusterDomain();
  }

  public Resolver resolver(Tree pod) {
    String policy = pod.textOrEmpty("spec", "dnsPolicy");
    boolean cluster =
        !configuration.clusterDns().isEmpty()
            && (policy.equals("ClusterFirstWithHostNet")
                || (!policy.equals("Default")
                    && !policy.equals("None")
                    && !PodSpec.hostNetwork(pod)));
    Resolver base =
        policy.equals("None")
            ? new Resolver(List.of(), List.of(), List.of())
            : cluster ? ofCluster(pod) : ofNode();
    return pod.tree("spec", "dnsConfig") instanceof Tree more ? merged(base, more) : base;
  }

  private Resolver ofCluster(Tree pod) {
    String domain = configuration.clusterDomain();
    LinkedHashSet<String> searches = new LinkedHashSet<>();
    searches.add(Meta.namespace(pod) + ".svc." + domain);
    searches.add("svc." + domain);
    searches.add(domain);
    searches.addAll(ofNode().searches());
    return new Resolver(
        configuration.clusterDns(),
        searches.stream().limit(MOST_SEARCHES).toList(),
        List.of("ndots:5"));
  }

  private Resolver ofNode() {
    List<String> servers = new ArrayList<>();
    List<String> searches = List.of();
    List<String> options = new ArrayList<>();
    for (String line : lines(configuration.resolverFile())) {
      String[] words = line.strip().split("\\s+");
      List<String> rest = List.of(words).subList(1, words.length);
      switch (words[0]) {
        case "nameserver" -> servers.addAll(rest);
        case "search" -> searches = rest;
        case "options" -> options.addAll(rest);
        default -> {}
      }
    }
    return new Resolver(servers.stream().limit(MOST_SERVERS).toList(), searches, options);
  }

  private static Resolver merged(Resolver base, Tree more) {
    LinkedHashSet<String> servers = new LinkedHashSet<>(base.servers());
    servers.addAll(more.texts("nameservers"));
    LinkedHashSet<String> searches = new LinkedHashSet<>(base.searches());
    searches.addAll(more.texts("searches"));
    Map<String, String> options = new LinkedHashMap<>();
    base.options().forEach(option -> options.put(option.split(":", 2)[0], option));
    for (Tree option : more.trees("options")) {
      String name = option.textOrEmpty("name");
      String value = option.text("value");
      options.put(name, value == null ? name : name + ":" + value);
    }
    return new Resolver(
        servers.stream().limit(MOST_SERVERS).toList(),
        searches.stream().limit(MOST_SEARCHES).toList(),
        List.copyOf(options.values()));
  }

  /**
   * Writes the pod's hosts file.
   *
   * @return the file, or null for a pod on the node's network that adds nothing to the node's own
   */
  public @Nullable Path writeHosts(Tree pod, Path directory, List<String> addresses)
      throws IOException {
    List<Tree> aliases = pod.trees("spec", "hostAliases");
    StringBuilder text = new StringBuilder();
    if (PodSpec.hostNetwork(pod)) {
      if (aliases.isEmpty()) {
        return null;
      }
      text.append("# Kubernetes-managed hosts file (host network).\n");
      lines(NODE_HOSTS).forEach(line -> text.append(line).append('\n'));
    } else if (addresses.isEmpty()) {
      return null;
    } else {
      addOwn(text, pod, addresses);
    }
    if (!aliases.isEmpty()) {
      text.append("\n# Entries added by HostAliases.\n");
    }
    for (Tree alias : aliases) {
      text.append(alias.textOrEmpty("ip")).append('\t');
      text.append(String.join("\t", alias.texts("hostnames"))).append('\n');
    }
    Files.createDirectories(directory);
    Path file = directory.resolve("etc-hosts");
    if (!Files.exists(file) || !Files.readString(file).contentEquals(text)) {
      Files.writeString(file, text);
    }
    return file;
  }

  private void addOwn(StringBuilder text, Tree pod, List<String> addresses) {
    text.append(
        """
            # Kubernetes-managed hosts file.
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost ip6-loopback
            fe00::0\tip6-localnet
            fe00::0\tip6-mcastprefix
            fe00::1\tip6-allnodes
            fe00::2\tip6-allrouters
            """);
    boolean overridden = !pod.textOrEmpty("spec", "hostnameOverride").isEmpty();
    String host = overridden ? hostname(pod) : shortName(pod);
    String domain = domain(pod);
    for (String address : addresses) {
      text.append(address).append('\t');
      text.append(domain.isEmpty() || overridden ? "" : host + "." + domain + "\t");
      text.append(host).append('\n');
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException none) {
      return List.of();
    }
  }
}
