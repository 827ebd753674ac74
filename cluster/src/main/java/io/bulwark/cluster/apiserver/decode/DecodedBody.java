package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;
import java.util.List;

record DecodedBody(Tree tree, List<String> warnings) implements Decoded {}
