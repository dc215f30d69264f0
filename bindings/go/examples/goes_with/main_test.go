package main

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The test binary is the program, if asked.
func TestMain(m *testing.M) {
	if os.Getenv("GOES_WITH") != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// file is an embeddings file of three packages in one dimension; `ends` are those of their names.
func file(ends []uint32, names string, vectors []float32) []byte {
	text := uint64(len(names))
	for len(names)%4 != 0 {
		names += "\x00"
	}
	body, _ := binary.Append(nil, binary.LittleEndian, ends)
	body = append(body, names...)
	body, _ = binary.Append(body, binary.LittleEndian, vectors)
	hash := uint64(0xcbf29ce484222325)
	for _, b := range body {
		hash = (hash ^ uint64(b)) * 0x100000001b3
	}
	whole, _ := binary.Append([]byte("AVOCEMB1"), binary.LittleEndian, []uint32{3, 1})
	whole, _ = binary.Append(whole, binary.LittleEndian, []uint64{text, hash})
	return append(whole, body...)
}

var ends, vectors = []uint32{0, 2, 5, 6}, []float32{1, 2, 3, .5, .25, 4}

func goesWith(t *testing.T, contents []byte, arguments ...string) (stdout, stderr string, code int) {
	path := filepath.Join(t.TempDir(), "embeddings")
	if contents != nil {
		if err := os.WriteFile(path, contents, 0o600); err != nil {
			t.Fatal(err)
		}
		arguments = append([]string{path}, arguments...)
	}
	command := exec.Command(os.Args[0], arguments...)
	command.Env = append(os.Environ(), "GOES_WITH=1")
	var out, errors strings.Builder
	command.Stdout, command.Stderr = &out, &errors
	_ = command.Run()
	return out.String(), errors.String(), command.ProcessState.ExitCode()
}

func TestRecommendations(t *testing.T) {
	good := file(ends, "aabbbc", vectors)
	for _, x := range []struct {
		arguments []string
		wanted    string
	}{
		{[]string{"bbb"}, "8.0000 41000000 c\n1.0000 3f800000 aa\n"},
		{[]string{"bbb", "1"}, "8.0000 41000000 c\n"},
		{[]string{"c", "99"}, "1.5000 3fc00000 aa\n0.7500 3f400000 bbb\n"},
		{[]string{"aa", "0"}, ""},
	} {
		found, errors, code := goesWith(t, good, x.arguments...)
		if found != x.wanted || errors != "" || code != 0 {
			t.Errorf("%v: %q, %q, %d", x.arguments, found, errors, code)
		}
	}
}

func TestFailures(t *testing.T) {
	good := file(ends, "aabbbc", vectors)
	for wanted, x := range map[string]struct {
		contents  []byte
		arguments []string
	}{
		"usage: goes_with FILE NAME [K]": {nil, nil},
		"cannot read the file":           {nil, []string{"/nonexistent", "aa"}},
		"no package has this name":       {good, []string{"a"}},
		"K is not a number of packages":  {good, []string{"aa", "-1"}},
		"not an embeddings file":         {[]byte("AVOCEMB2" + string(good[8:])), []string{"aa"}},
		"the file is truncated":          {good[:len(good)-1], []string{"aa"}},
		"the file is altered":            {append(slices.Clone(good[:len(good)-1]), 1), []string{"aa"}},
		"the names are damaged":          {file([]uint32{0, 5, 2, 6}, "aabbbc", vectors), []string{"aa"}},
	} {
		found, errors, code := goesWith(t, x.contents, x.arguments...)
		if found != "" || errors != "goes_with: "+wanted+"\n" || code != 1 {
			t.Errorf("%s: %q, %q, %d", wanted, found, errors, code)
		}
	}
}

// No cut and no changed byte goes unnoticed, but for the checks that name another fault first.
func TestDamage(t *testing.T) {
	good, path := file(ends, "aabbbc", vectors), filepath.Join(t.TempDir(), "embeddings")
	loads := func(contents []byte) bool {
		if err := os.WriteFile(path, contents, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := load(path)
		return err == nil
	}
	if !loads(good) {
		t.Fatal("the good file does not load")
	}
	for i := range good {
		bad := slices.Clone(good)
		bad[i] ^= 0x80
		if loads(good[:i]) || loads(bad) {
			t.Errorf("damage at byte %d is not noticed", i)
		}
	}
	if loads(append(slices.Clone(good), 0)) || loads(file([]uint32{0, 2, 5, 7}, "aabbbc", vectors)) {
		t.Error("a longer file, or name, is not noticed")
	}
}
