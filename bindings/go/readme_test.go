package avocet_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The first block of README.md is the body of a program that prints what its last line says.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	check(t, err)
	_, rest, found := strings.Cut(string(text), "```go\n")
	block, _, ended := strings.Cut(rest, "```")
	_, wanted, says := strings.Cut(block, "// prints ")
	if !found || !ended || !says {
		t.Fatal("README.md does not begin with a block that says what it prints")
	}
	program := "package main\n\nimport (\n\t\"fmt\"\n\n\t\"github.com/avocet-kernels/avocet/bindings/go\"\n)\n\nfunc main() {\n" + block + "}\n"

	// The program is laid over the module, so that nothing is written into it.
	folder := t.TempDir()
	here, err := os.Getwd()
	check(t, err)
	source, overlay := filepath.Join(folder, "main.go"), filepath.Join(folder, "overlay.json")
	check(t, os.WriteFile(source, []byte(program), 0o600))
	replace := map[string]map[string]string{"Replace": {filepath.Join(here, "readme", "main.go"): source}}
	bytes, err := json.Marshal(replace)
	check(t, err)
	check(t, os.WriteFile(overlay, bytes, 0o600))
	arguments := []string{"run", "-overlay", overlay}
	if tags := os.Getenv("AVOCET_TEST_TAGS"); tags != "" {
		arguments = append(arguments, "-tags", tags)
	}
	output, err := exec.Command("go", append(arguments, "./readme")...).CombinedOutput()
	if err != nil || strings.TrimSpace(string(output)) != strings.TrimSpace(wanted) {
		t.Errorf("%v: %s\nwanted %s\n%s", err, output, wanted, program)
	}
}
