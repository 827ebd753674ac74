package io.bulwark.cluster.node.pod;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.tree.Tree;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The values of fieldRef and resourceFieldRef.
 *
 * <p>Source: kubernetes.io/docs/concepts/workloads/pods/downward-api.
 */
public final class DownwardFields {
  private DownwardFields() {}

  /**
   * The value of a field.
   *
   * @throws IllegalArgumentException if the downward API has no such field
   */
  public static String field(Tree pod, String path) {
    int bracket = path.indexOf("['");
    if (bracket > 0 && path.endsWith("']")) {
      String key = path.substring(bracket + 2, path.length() - 2);
      return switch (path.substring(0, bracket)) {
        case "metadata.labels" -> orEmpty(Meta.label(pod, key));
        case "metadata.annotations" -> orEmpty(Meta.annotation(pod, key));
        default -> throw unsupported(path);
      };
    }
    return switch (path) {
      case "metadata.name" -> Meta.name(pod);
      case "metadata.namespace" -> Meta.namespace(pod);
      case "metadata.uid" -> Meta.uid(pod);
      case "metadata.labels" -> lines(Meta.labels(pod));
      case "metadata.annotations" -> lines(Meta.annotations(pod));
      case "spec.nodeName" -> pod.textOrEmpty("spec", "nodeName");
      case "spec.serviceAccountName" -> pod.textOrEmpty("spec", "serviceAccountName");
      case "status.hostIP" -> pod.textOrEmpty("status", "hostIP");
      case "status.hostIPs" -> addresses(pod, "hostIPs");
      case "status.podIP" -> pod.textOrEmpty("status", "podIP");
      case "status.podIPs" -> addresses(pod, "podIPs");
      default -> throw unsupported(path);
    };
  }

  /**
   * A container's request or limit in units of the divisor, rounded up. A limit that is not set is
   * what the node can give.
   *
   * @param fallback the container that is meant where the reference names none
   * @throws IllegalArgumentException if the resource or the container is unknown
   */
  public static String resource(Tree pod, Tree fallback, Tree reference, Tree allocatable) {
    String name = reference.textOrEmpty("containerName");
    Tree container = name.isEmpty() ? fallback : PodSpec.container(pod, name);
    if (container == null) {
      throw new IllegalArgumentException("container " + name + " not found");
    }
    String[] path = reference.textOrEmpty("resource").split("\\.", 2);
    if (path.length != 2 || !(path[0].equals("limits") || path[0].equals("requests"))) {
      throw new IllegalArgumentException(
          "unsupported container resource: " + reference.textOrEmpty("resource"));
    }
    Object own = container.at("resources", path[0], path[1]);
    if (own == null && path[0].equals("limits")) {
      own = allocatable.get(path[1]);
    }
    BigDecimal value = own == null ? BigDecimal.ZERO : Quantity.of(own).amount();
    Object given = reference.get("divisor");
    BigDecimal divisor = given == null ? BigDecimal.ONE : Quantity.of(given).amount();
    if (divisor.signum() == 0) {
      divisor = BigDecimal.ONE;
    }
    return value.divide(divisor, 0, RoundingMode.CEILING).toPlainString();
  }

  private static String addresses(Tree pod, String field) {
    return String.join(
        ",",
        pod.trees("status", field).stream().map(address -> address.textOrEmpty("ip")).toList());
  }

  private static String lines(Map<String, String> values) {
    StringBuilder lines = new StringBuilder();
    new TreeMap<>(values)
        .forEach(
            (key, value) ->
                lines
                    .append(lines.isEmpty() ? "" : "\n")
                    .append(key)
                    .append('=')
                    .append(quoted(value)));
    return lines.toString();
  }

  private static String quoted(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    value
        .codePoints()
        .forEach(
            each -> {
              switch (each) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> quoted.appendCodePoint(each);
              }
            });
    return quoted.append('"').toString();
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static IllegalArgumentException unsupported(String path) {
    return new IllegalArgumentException("unsupported fieldPath: " + path);
  }
}
