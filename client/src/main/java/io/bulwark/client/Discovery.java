package io.bulwark.client;

import io.bulwark.api.meta.GroupVersion;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Asks a server what it serves. Thread-safe. */
public final class Discovery {
  private final ApiClient client;

  public Discovery(ApiClient client) {
    this.client = client;
  }

  /**
   * A resource and what may be done with it.
   *
   * @param verbs such as {@code get} and {@code deletecollection}
   */
  public record Served(Resource resource, Set<String> verbs) {
    public Served {
      verbs = Set.copyOf(verbs);
    }

    /** Whether objects of it are stored, can be followed and be deleted. */
    public boolean collectable() {
      return verbs.containsAll(Set.of("delete", "list", "watch", "get"));
    }
  }

  /**
   * All resources in the preferred version of their group, without subresources.
   *
   * @throws ApiException if any group cannot be read
   */
  public List<Served> resources() {
    List<Served> served = new ArrayList<>();
    add(served, new GroupVersion("", "v1"));
    for (Tree group : client.raw("GET", "/apis", null).trees("groups")) {
      add(served, GroupVersion.parse(group.textOrEmpty("preferredVersion", "groupVersion")));
    }
    return served;
  }

  private void add(List<Served> served, GroupVersion version) {
    for (Tree found : client.raw("GET", version.path(), null).trees("resources")) {
      String name = found.textOrEmpty("name");
      if (name.contains("/")) {
        continue;
      }
      Resource resource =
          new Resource(
              version.group(),
              version.version(),
              name,
              found.textOrEmpty("kind"),
              found.flag("namespaced"));
      served.add(new Served(resource, Set.copyOf(found.texts("verbs"))));
    }
  }
}
