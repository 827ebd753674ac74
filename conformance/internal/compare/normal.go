package compare

import (
	"regexp"
	"sort"
	"strings"
)

// rule replaces what is never the same twice: times, addresses, random names. Everything else that
// differs is a difference.
type rule struct {
	pattern *regexp.Regexp
	to      string
}

func replace(pattern, to string) rule { return rule{regexp.MustCompile(pattern), to} }

// random is the alphabet of generated names.
const random = `[bcdfghjklmnpqrstvwxz2456789]`

var rules = []rule{
	replace(`\r\n`, "\n"),
	replace(`/tmp/(LIVE|MERGED)-\d+`, "/tmp/${1}"),
	replace(`/tmp/kubectl-edit-\d+`, "/tmp/kubectl-edit"),
	replace(`X509SHA256=[0-9a-f]{64}`, "X509SHA256=<digest>"),
	replace(`0x[0-9a-f]{6,}`, "<pointer>"),
	replace(`-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----`, "<pem>"),
	replace(`LS0tLS1CRUdJTi[A-Za-z0-9+/=]+`, "<pem>"),
	replace(`eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+`, "<token>"),
	replace(`ZXlK[A-Za-z0-9+/=]{100,}`, "<token>"),
	replace(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`, "<uid>"),
	replace(`containerd://[0-9a-f]{64}`, "containerd://<id>"),
	replace(`sha256:[0-9a-f]{64}`, "sha256:<digest>"),
	replace(`\.\.\d{4}_\d\d_\d\d_\d\d_\d\d_\d\d\.\d+`, "..<time>"),
	replace(`\b[0-9a-f]{64}\b`, "<id>"),
	replace(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| ?[+-]\d\d:?\d\d)?`, "<time>"),
	replace(`(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}`, "<time>"),
	replace(`[EWI]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ `, "<log> "),
	replace(`(resourceVersion"?: ?"?)\d+`, "${1}<revision>"),
	replace(`(Resource Version: +)\d+`, "${1}<revision>"),
	replace(`\b1?\d?\d\.\d{1,3}\.\d{1,3}\.\d{1,3}(/\d+)?:\d{4,5}\b`, "<server>"),
	replace(`\b(10|172|192)\.\d{1,3}\.\d{1,3}\.\d{1,3}\b`, "<address>"),
	replace(`v1\.36\.\d+(\+bulwark[.\d]+)?`, "<version>"),
	replace(`((?:pod-template|controller-revision|controller\.kubernetes\.io/)-?hash"?[=:] ?"?)[a-z0-9-]+`, "${1}<hash>"),
	replace(`-`+random+`{6,10}-`+random+`{5}\b`, "-<hash>-<random>"),
	replace(`-`+random+`{8,10}\b`, "-<hash>"),
	replace(`-`+random+`{5}\b`, "-<random>"),
	replace(`\.[0-9a-f]{15,16}\b`, ".<random>"),
	replace(`-2\d{7}\b`, "-<minute>"),
	replace(`(:)3[0-2]\d{3}(/)`, "${1}<port>${2}"),
	replace(`\b3[0-2]\d{3}(/(TCP|UDP))`, "<port>${1}"),
	replace(`([nN]odePort"?: )3[0-2]\d{3}`, "${1}<port>"),
	replace(`\b(?:\d+[dhms]){1,2} \(x\d+ over (?:\d+[dhms]){1,2}\)`, "<age> (x<count> over <age>)"),
	replace(`in \d+(\.\d+)?(ms|s) \(\d+(\.\d+)?(ms|s) including waiting\)`, "in <age> (<age> including waiting)"),
	replace(`(?m)((?:^|  |\(|\bover )\s*)(\d+[dhms]){1,2}( ago|\s*\)|   ?|$)`, "${1}<age>${3}"),
	replace(`(?m)((?:^|  |\()\s*)(\d+[dhms]){1,2}( ago|\s*\)|  |$)`, "${1}<age>${3}"),
	// Tables are as wide as what stands in them.
	replace(`(\S) {2,}`, "${1}  "),
	replace(`(?m)[ \t]+$`, ""),
}

// normal is the text with all that may differ replaced, as lines.
func normal(text string, step Step) []string {
	for _, rule := range rules {
		text = rule.pattern.ReplaceAllString(text, rule.to)
	}
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if !dropped(line, step) {
			lines = append(lines, line)
		}
	}
	if step.Sorted {
		sort.Strings(lines)
	}
	return lines
}

func dropped(line string, step Step) bool {
	for _, pattern := range step.Drop {
		if pattern.MatchString(line) {
			return true
		}
	}
	return false
}
