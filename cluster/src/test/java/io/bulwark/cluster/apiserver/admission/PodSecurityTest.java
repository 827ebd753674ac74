package io.bulwark.cluster.apiserver.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodSecurityTest {
  private static final String GOOD =
      "'securityContext':{'allowPrivilegeEscalation':false,'runAsNonRoot':true,"
          + "'capabilities':{'drop':['ALL']},'seccompProfile':{'type':'RuntimeDefault'}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'containers':[{'name':'a'}] | ``
          'hostNetwork':true,'hostIPC':true,'containers':[{'name':'a'}] | host namespaces (hostNetwork=true, hostIPC=true)
          'volumes':[{'name':'v','hostPath':{'path':'/'}}],'containers':[] | hostPath volumes (volume "v")
          'containers':[{'name':'a','ports':[{'hostPort':80}]},{'name':'b','ports':[{'hostPort':81}]}] | hostPort (containers "a", "b" use hostPorts 80, 81)
          'initContainers':[{'name':'i','securityContext':{'privileged':true}}],'containers':[] | privileged (container "i" must not set securityContext.privileged=true)
          'containers':[{'name':'a','securityContext':{'capabilities':{'add':['SYS_ADMIN','CHOWN','NET_RAW']}}}] | non-default capabilities (container "a" must not include "NET_RAW", "SYS_ADMIN" in securityContext.capabilities.add)
          'containers':[{'name':'a','securityContext':{'procMount':'Unmasked'}}] | procMount (container "a" must not set securityContext.procMount to "Unmasked")
          'securityContext':{'sysctls':[{'name':'kernel.shm_rmid_forced'},{'name':'kernel.x'}]},'containers':[] | forbidden sysctls (kernel.x)
          'securityContext':{'seccompProfile':{'type':'Unconfined'}},'containers':[{'name':'a'}] | seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")
          'securityContext':{'seLinuxOptions':{'type':'spc_t','user':'u'}},'containers':[{'name':'a','securityContext':{'seLinuxOptions':{'role':'r'}}}] | seLinuxOptions (pod and container "a" set forbidden securityContext.seLinuxOptions: type "spc_t"; user may not be set; role may not be set)
          'containers':[{'name':'a','livenessProbe':{'httpGet':{'host':'10.0.0.1'}}}] | probe or lifecycle host (container "a" uses probe or lifecycle host "10.0.0.1")
          'containers':[{'name':'a','securityContext':{'appArmorProfile':{'type':'Unconfined'}}}] | forbidden AppArmor profile (container "a" must not set AppArmor profile type to "Unconfined")
          'securityContext':{'windowsOptions':{'hostProcess':true}},'containers':[] | hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)
          """)
  void baseline(String spec, String violations) {
    assertEquals(violations, found(PodSecurityLevel.BASELINE, spec));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'containers':[{'name':'a',GOOD}] | ``
          'containers':[{'name':'a'}] | allowPrivilegeEscalation != false (container "a" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "a" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "a" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")
          'hostPID':true,'containers':[{'name':'a',GOOD}] | host namespaces (hostPID=true)
          'volumes':[{'name':'v','hostPath':{}},{'name':'w','nfs':{}},{'name':'x','emptyDir':{}}],'containers':[{'name':'a',GOOD}] | restricted volume types (volumes "v", "w" use restricted volume types "hostPath", "nfs")
          'securityContext':{'runAsUser':0},'containers':[{'name':'a',GOOD}] | runAsUser=0 (pod must not set runAsUser=0)
          'securityContext':{'runAsNonRoot':false},'containers':[{'name':'a',GOOD}] | runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)
          'hostUsers':false,'securityContext':{'runAsUser':0,'runAsNonRoot':false},'containers':[{'name':'a',GOOD}] | ``
          """)
  void restricted(String spec, String violations) {
    assertEquals(violations, found(PodSecurityLevel.RESTRICTED, spec.replace("GOOD", GOOD)));
  }

  @Test
  void olderVersionsHaveOlderControls() {
    Tree pod = pod("'containers':[{'name':'a','livenessProbe':{'tcpSocket':{'host':'h'}}}]");
    assertEquals(
        "",
        PodSecurityStandards.violations(new PodSecurityPolicy(PodSecurityLevel.BASELINE, 33), pod));
    Tree tuned =
        pod("'securityContext':{'sysctls':[{'name':'net.ipv4.tcp_wmem'}]},'containers':[]");
    assertEquals(
        "forbidden sysctls (net.ipv4.tcp_wmem)",
        PodSecurityStandards.violations(
            new PodSecurityPolicy(PodSecurityLevel.BASELINE, 31), tuned));
    assertEquals(
        "",
        PodSecurityStandards.violations(
            PodSecurityPolicy.latest(PodSecurityLevel.BASELINE), tuned));
  }

  private static String found(PodSecurityLevel level, String spec) {
    return PodSecurityStandards.violations(PodSecurityPolicy.latest(level), pod(spec));
  }

  private static Tree pod(String spec) {
    return Json.read(
        ("{'spec':{" + spec + "}}").replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
