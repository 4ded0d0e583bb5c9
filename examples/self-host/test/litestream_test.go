package selfhost

import (
	"os"
	"regexp"
	"testing"
)

// litestream is the program that make builds, in the version of the compose file.
func litestream(t *testing.T) string {
	t.Helper()
	const built = "dist/litestream"
	if _, err := os.Stat(built); err != nil {
		t.Fatalf("there is no Litestream: run make examples/self-host/test/%s", built)
	}
	return built
}

func TestThereIsOneLitestream(t *testing.T) {
	compose := regexp.MustCompile(`litestream/litestream:(\S+)`).FindStringSubmatch(read(t, "../litestream/compose.yaml"))[1]
	kubernetes := regexp.MustCompile(`litestream/litestream, newTag: ([^\s}]+)`).FindStringSubmatch(read(t, "../litestream/kustomization.yaml"))[1]
	if compose != kubernetes {
		t.Errorf("%s in the compose file, %s in the kustomization", compose, kubernetes)
	}
}
