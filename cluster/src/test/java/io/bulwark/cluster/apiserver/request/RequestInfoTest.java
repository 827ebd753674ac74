package io.bulwark.cluster.apiserver.request;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestInfoTest {
  /** Columns: method, path, verb, group, version, namespace, resource, subresource, name. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      emptyValue = "",
      value = {
        "GET, /api/v1/namespaces, list, '', v1, '', namespaces, '', ''",
        "GET, /api/v1/namespaces/other, get, '', v1, other, namespaces, '', other",
        "PUT, /api/v1/namespaces/other/finalize, update, '', v1, other, namespaces, finalize, other",
        "GET, /api/v1/namespaces/other/pods, list, '', v1, other, pods, '', ''",
        "GET, /api/v1/namespaces/other/pods/foo, get, '', v1, other, pods, '', foo",
        "HEAD, /api/v1/namespaces/other/pods/foo, get, '', v1, other, pods, '', foo",
        "GET, /api/v1/pods, list, '', v1, '', pods, '', ''",
        "POST, /api/v1/namespaces/other/pods, create, '', v1, other, pods, '', ''",
        "GET, /api/v1/namespaces/other/pods/foo/log, get, '', v1, other, pods, log, foo",
        "DELETE, /api/v1/namespaces/other/pods, deletecollection, '', v1, other, pods, '', ''",
        "DELETE, /api/v1/nodes/n, delete, '', v1, '', nodes, '', n",
        "PATCH, /apis/apps/v1/namespaces/o/deployments/d/scale, patch, apps, v1, o, deployments,"
            + " scale, d",
        "GET, /api/v1/proxy/namespaces/other/pods/foo, proxy, '', v1, other, pods, '', foo",
        "GET, /api/v1/watch/namespaces/other/pods, watch, '', v1, other, pods, '', ''",
        "GET, /api/v1/watch/pods, watch, '', v1, '', pods, '', ''",
        "GET, /apis/apps/v1/deployments/, list, apps, v1, '', deployments, '', ''",
      })
  void resourcesAreTakenApart(
      String method,
      String path,
      String verb,
      String group,
      String version,
      String namespace,
      String resource,
      String subresource,
      String name) {
    assertEquals(
        new RequestInfo(
            true, path, verb, group, version, namespace, resource, subresource, name, ""),
        RequestInfo.of(method, path, false, null));
  }

  @ParameterizedTest
  @CsvSource({"/", "/api", "/api/v1", "/apis", "/apis/apps", "/apis/apps/v1", "/healthz/ping"})
  void otherPathsAreNoResources(String path) {
    RequestInfo info = RequestInfo.of("GET", path, false, null);
    assertEquals("get", info.verb());
    assertEquals(false, info.resourceRequest());
  }

  @ParameterizedTest
  @CsvSource({
    "metadata.name=web, web",
    "metadata.name==web, web",
    "'status.phase=Running,metadata.name=web', web",
    "metadata.name!=web, ''",
    "metadata.name=a/b, ''"
  })
  void aSelectedNameCountsForAuthorization(String selector, String name) {
    RequestInfo info = RequestInfo.of("GET", "/api/v1/namespaces/n/pods", true, selector);
    assertEquals("watch", info.verb());
    assertEquals(name, info.name());
  }
}
