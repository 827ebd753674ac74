// Package images makes the images that upstream's tests run, under upstream's names and tags, out of
// upstream's Go programs and of Debian packages that are unpacked and not installed.
package images

// recipe says what one image is made of. Every image has busybox, and bash for its sh: the sh of
// Debian's busybox prefers its own programs to those that packages bring, and drops variables whose
// names no shell accepts, such as data-1.
type recipe struct {
	packages []string          // of Debian; their dependencies come along
	programs map[string]string // path in the image -> upstream program
	sources  map[string]string // path in the image -> PACKAGE/FILE of upstream's module
	files    map[string]string // path in the image -> text
	links    map[string]string // path in the image -> what it points to
	modes    map[string]uint32 // path in the image -> permission bits
	entry    []string
	command  []string
	user     string
}

const testImages = "k8s.io/kubernetes/test/images/"

var tools = []string{"bind9-dnsutils", "curl", "iproute2", "libc-bin", "netcat-openbsd", "util-linux"}

var agnhost = recipe{
	packages: tools,
	programs: map[string]string{"agnhost": "agnhost"},
	sources: map[string]string{
		"localhost.crt": testImages + "agnhost/porter/localhost.crt",
		"localhost.key": testImages + "agnhost/porter/localhost.key",
	},
	files: map[string]string{
		"etc/passwd":      "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\nuser-defined-in-image:x:1000:1000::/home/user-defined-in-image:/bin/sh\n",
		"etc/group":       "root:x:0:\nnogroup:x:65534:\nuser-defined-in-image:x:1000:\ngroup-defined-in-image:x:50000:user-defined-in-image\n",
		"uploads/.keep":   "",
		"var/lib/.keep":   "",
		"usr/local/.keep": "",
	},
	links: map[string]string{"agnhost-2": "agnhost", "usr/bin/nc": "nc.openbsd"},
	entry: []string{"/agnhost"}, command: []string{"pause"},
}

var shell = recipe{command: []string{"sh"}}

func as(image recipe, user string) recipe {
	image.user = user
	return image
}

// animal is agnhost with a picture, as the update demo shows them.
func animal(name string) recipe {
	image := agnhost
	image.packages, image.links = nil, nil
	image.sources = map[string]string{
		name + ".jpg": testImages + name + "/html/" + name + ".jpg",
		"data.json":   testImages + name + "/html/data.json",
	}
	image.command = []string{"test-webserver"}
	return image
}

var nginx = recipe{
	packages: []string{"nginx"},
	files: map[string]string{
		"etc/passwd":           "root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33::/var/www:/bin/false\nnobody:x:65534:65534:nobody:/:/bin/false\n",
		"etc/group":            "root:x:0:\nwww-data:x:33:\nnogroup:x:65534:\n",
		"etc/nginx/nginx.conf": nginxConfiguration,
		"var/lib/nginx/.keep":  "",
	},
	links: map[string]string{
		"var/log/nginx/access.log": "/dev/stdout",
		"var/log/nginx/error.log":  "/dev/stderr",
	},
	command: []string{"nginx", "-g", "daemon off;"},
}

const nginxConfiguration = `user www-data;
worker_processes 1;
pid /run/nginx.pid;
events { worker_connections 512; }
http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  server {
    listen 80;
    location / { root /usr/share/nginx/html; index index.html index.htm; }
  }
}
`

// recipes by the repository in upstream's list. What is missing here needs a cloud, a driver or
// another machine; no conformance test that can pass without them asks for it.
var recipes = map[string]recipe{
	"registry.k8s.io/pause": {
		programs: map[string]string{"pause": "pause"},
		entry:    []string{"/pause"}, user: "65535:65535",
	},
	"registry.k8s.io/etcd": {
		packages: []string{"etcd-server", "etcd-client"},
		links:    map[string]string{"usr/local/bin/etcd": "/usr/bin/etcd", "usr/local/bin/etcdctl": "/usr/bin/etcdctl"},
		command:  []string{"etcd"},
	},
	"registry.k8s.io/e2e-test-images/agnhost":  agnhost,
	"registry.k8s.io/e2e-test-images/kitten":   animal("kitten"),
	"registry.k8s.io/e2e-test-images/nautilus": animal("nautilus"),
	"registry.k8s.io/e2e-test-images/busybox":  shell,
	"registry.k8s.io/e2e-test-images/nginx":    nginx,
	"registry.k8s.io/e2e-test-images/nonroot":  as(shell, "1234"),
	"registry.k8s.io/e2e-test-images/nonewprivs": {
		programs: map[string]string{"usr/local/bin/nnp": "nnp"},
		modes:    map[string]uint32{"usr/local/bin/nnp": 0o6755},
		command:  []string{"nnp"},
	},
	"registry.k8s.io/e2e-test-images/regression-issue-74839": {
		programs: map[string]string{"regression-issue-74839": "regression-issue-74839"},
		entry:    []string{"/regression-issue-74839"},
	},
	"registry.k8s.io/e2e-test-images/sample-apiserver": {
		programs: map[string]string{"sample-apiserver": "sample-apiserver"},
		entry:    []string{"/sample-apiserver"},
	},
	"registry.k8s.io/e2e-test-images/ipc-utils":         {packages: []string{"util-linux"}, command: []string{"sh"}},
	"registry.k8s.io/e2e-test-images/glibc-dns-testing": {packages: []string{"bind9-dnsutils", "libc-bin"}, command: []string{"sh"}},
	"registry.k8s.io/e2e-test-images/perl":              {packages: []string{"perl"}, command: []string{"perl"}},
}
