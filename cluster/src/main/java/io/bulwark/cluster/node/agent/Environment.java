package io.bulwark.cluster.node.agent;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.pod.DownwardFields;
import io.bulwark.cluster.node.pod.Expansion;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The environment of a container: service variables, then envFrom, then env with references and
 * {@code $(NAME)} expanded.
 *
 * <p>Source: kubernetes.io/docs/concepts/containers/container-environment.
 */
public final class Environment {
  private final PodObjects objects;
  private final ServiceLinks services;

  /** The Services whose addresses a pod is told. */
  public interface ServiceLinks {
    /** The Services of a namespace that have a cluster address. */
    List<Tree> in(String namespace);
  }

  public Environment(PodObjects objects, ServiceLinks services) {
    this.objects = objects;
    this.services = services;
  }

  /**
   * @throws ConfigurationFailure if a reference that is not optional leads nowhere
   */
  public Map<String, String> of(Tree pod, Tree container) throws ConfigurationFailure {
    Map<String, String> values = new LinkedHashMap<>();
    for (Tree source : container.trees("envFrom")) {
      addAll(values, pod, source);
    }
    Map<String, String> links = serviceVariables(pod);
    for (Tree variable : container.trees("env")) {
      String name = variable.textOrEmpty("name");
      String value = variable.text("value");
      if (value != null) {
        values.put(name, Expansion.expand(value, each -> known(each, values, links)));
      } else if (variable.tree("valueFrom") instanceof Tree from) {
        String found = reference(pod, container, from);
        if (found != null) {
          values.put(name, found);
        }
      } else {
        values.put(name, "");
      }
    }
    links.forEach(values::putIfAbsent);
    return values;
  }

  private static @Nullable String known(
      String name, Map<String, String> values, Map<String, String> links) {
    String own = values.get(name);
    return own == null ? links.get(name) : own;
  }

  private void addAll(Map<String, String> values, Tree pod, Tree source)
      throws ConfigurationFailure {
    String prefix = source.textOrEmpty("prefix");
    boolean secret = source.tree("secretRef") != null;
    Tree reference = source.treeOrEmpty(secret ? "secretRef" : "configMapRef");
    Tree found = object(pod, reference, secret);
    if (found == null) {
      return;
    }
    Tree data = found.treeOrEmpty("data");
    for (int i = 0; i < data.size(); i++) {
      String value = String.valueOf(data.valueAt(i));
      values.put(prefix + data.keyAt(i), secret ? decoded(value) : value);
    }
  }

  private @Nullable String reference(Tree pod, Tree container, Tree from)
      throws ConfigurationFailure {
    try {
      if (from.tree("fieldRef") instanceof Tree field) {
        return DownwardFields.field(pod, field.textOrEmpty("fieldPath"));
      }
      if (from.tree("resourceFieldRef") instanceof Tree resource) {
        return DownwardFields.resource(pod, container, resource, objects.allocatable());
      }
    } catch (IllegalArgumentException unknown) {
      throw new ConfigurationFailure(String.valueOf(unknown.getMessage()));
    }
    boolean secret = from.tree("secretKeyRef") != null;
    Tree reference = from.treeOrEmpty(secret ? "secretKeyRef" : "configMapKeyRef");
    Tree found = object(pod, reference, secret);
    if (found == null) {
      return null;
    }
    String key = reference.textOrEmpty("key");
    String value = found.text("data", key);
    if (value == null) {
      if (reference.flag("optional")) {
        return null;
      }
      throw new ConfigurationFailure(
          "couldn't find key %s in %s %s/%s"
              .formatted(
                  key,
                  secret ? "Secret" : "ConfigMap",
                  Meta.namespace(pod),
                  reference.textOrEmpty("name")));
    }
    return secret ? decoded(value) : value;
  }

  private @Nullable Tree object(Tree pod, Tree reference, boolean secret)
      throws ConfigurationFailure {
    String name = reference.textOrEmpty("name");
    Tree found =
        secret
            ? objects.secret(Meta.namespace(pod), name)
            : objects.configMap(Meta.namespace(pod), name);
    if (found == null && !reference.flag("optional")) {
      throw new ConfigurationFailure(
          (secret ? "secret" : "configmap") + " \"" + name + "\" not found");
    }
    return found;
  }

  private Map<String, String> serviceVariables(Tree pod) {
    Map<String, Tree> chosen = new TreeMap<>();
    for (Tree service : services.in("default")) {
      if (Meta.name(service).equals("kubernetes")) {
        chosen.put("kubernetes", service);
      }
    }
    Object links = pod.at("spec", "enableServiceLinks");
    if (!Boolean.FALSE.equals(links)) {
      services.in(Meta.namespace(pod)).forEach(service -> chosen.put(Meta.name(service), service));
    }
    Map<String, String> variables = new LinkedHashMap<>();
    chosen.values().forEach(service -> addService(variables, service));
    return variables;
  }

  private static void addService(Map<String, String> variables, Tree service) {
    String address = service.textOrEmpty("spec", "clusterIP");
    List<Tree> ports = service.trees("spec", "ports");
    if (address.isEmpty() || address.equals("None") || ports.isEmpty()) {
      return;
    }
    String prefix = upper(Meta.name(service));
    variables.put(prefix + "_SERVICE_HOST", address);
    variables.put(prefix + "_SERVICE_PORT", "" + ports.getFirst().number(0, "port"));
    for (Tree port : ports) {
      if (!port.textOrEmpty("name").isEmpty()) {
        variables.put(
            prefix + "_SERVICE_PORT_" + upper(port.textOrEmpty("name")),
            "" + port.number(0, "port"));
      }
    }
    for (int i = 0; i < ports.size(); i++) {
      String named = ports.get(i).textOrEmpty("protocol");
      String protocol = named.isEmpty() ? "TCP" : named;
      long number = ports.get(i).number(0, "port");
      String host = address.contains(":") ? "[" + address + "]" : address;
      String url = protocol.toLowerCase(Locale.ROOT) + "://" + host + ":" + number;
      if (i == 0) {
        variables.put(prefix + "_PORT", url);
      }
      String own = prefix + "_PORT_" + number + "_" + protocol;
      variables.put(own, url);
      variables.put(own + "_PROTO", protocol.toLowerCase(Locale.ROOT));
      variables.put(own + "_PORT", "" + number);
      variables.put(own + "_ADDR", address);
    }
  }

  private static String upper(String name) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }
}
