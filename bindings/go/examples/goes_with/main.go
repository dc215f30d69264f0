// What goes with a package: serves the embeddings that related_products --save wrote.
//
//	goes_with FILE NAME [K]
//
// prints a line for each recommendation: score, the score's bits, name. The layout of the file is described in
// examples/related_products/src/embeddings.rs.
package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"

	"github.com/avocet-kernels/avocet/bindings/go"
)

// embeddings are the two vectors of each package: how it asks, how it is found.
type embeddings struct {
	sources, targets avocet.Matrix
	ends             []uint32 // of each name within names; one more than there are names
	names            []byte
}

func load(path string) (*embeddings, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, errors.New("cannot read the file")
	}
	if len(file) < 32 || string(file[:8]) != "AVOCEMB1" {
		return nil, errors.New("not an embeddings file")
	}
	little := binary.LittleEndian
	n, d := uint64(little.Uint32(file[8:])), uint64(little.Uint32(file[12:]))
	text, checksum, body := little.Uint64(file[16:]), little.Uint64(file[24:]), file[32:]
	size, rows, head := uint64(len(body)), n*d, (n+1)*4
	if text > size || rows > size/8 || head+(text+3)/4*4+rows*8 != size {
		return nil, errors.New("the file is truncated")
	}
	hash := uint64(0xcbf29ce484222325) // FNV-1a
	for _, b := range body {
		hash = (hash ^ uint64(b)) * 0x100000001b3
	}
	if hash != checksum {
		return nil, errors.New("the file is altered")
	}

	e := &embeddings{ends: make([]uint32, n+1), names: body[head : head+text]}
	vectors := make([]float32, 2*rows)
	if _, err := binary.Decode(body, little, e.ends); err != nil {
		return nil, err
	}
	if _, err := binary.Decode(body[head+(text+3)/4*4:], little, vectors); err != nil {
		return nil, err
	}
	for i := range n {
		if e.ends[i] > e.ends[i+1] || uint64(e.ends[i+1]) > text {
			return nil, errors.New("the names are damaged")
		}
	}
	e.sources = avocet.Matrix{Data: vectors[:rows], Rows: int(n), Cols: int(d)}
	e.targets = avocet.Matrix{Data: vectors[rows:], Rows: int(n), Cols: int(d)}
	return e, nil
}

func (e *embeddings) name(id uint32) []byte { return e.names[e.ends[id]:e.ends[id+1]] }

func (e *embeddings) find(name string) (uint32, error) {
	for id := range uint32(e.sources.Rows) {
		if bytes.Equal(e.name(id), []byte(name)) {
			return id, nil
		}
	}
	return 0, errors.New("no package has this name")
}

// recommend lists the k best targets for one query; the package itself is left out.
func (e *embeddings) recommend(query uint32, k int) (avocet.TopKLists, error) {
	lists := avocet.TopKLists{IDs: make([]uint32, k), Scores: make([]float32, k), Counts: make([]uint32, 1)}
	itself, err := avocet.NewGraph([]int{0, 1}, []uint32{query}, e.targets.Rows)
	if err != nil {
		return lists, err
	}
	defer itself.Close()
	workspace, err := avocet.NewWorkspace(0)
	if err != nil {
		return lists, err
	}
	defer workspace.Close()
	d := e.sources.Cols
	one := avocet.Matrix{Data: e.sources.Data[int(query)*d:], Rows: 1, Cols: d}
	err = avocet.TopK(one, e.targets, itself, k, lists, nil, workspace)
	return lists, err
}

func run(arguments []string) error {
	if len(arguments) < 2 {
		return errors.New("usage: goes_with FILE NAME [K]")
	}
	e, err := load(arguments[0])
	if err != nil {
		return err
	}
	query, err := e.find(arguments[1])
	if err != nil {
		return err
	}
	k := uint64(10)
	if len(arguments) > 2 {
		if k, err = strconv.ParseUint(arguments[2], 10, 31); err != nil {
			return errors.New("K is not a number of packages")
		}
	}
	// No list is longer than there are packages.
	lists, err := e.recommend(query, int(min(k, uint64(e.targets.Rows))))
	if err != nil {
		return err
	}
	for i := range lists.Counts[0] {
		score := lists.Scores[i]
		fmt.Printf("%.4f %08x %s\n", score, math.Float32bits(score), e.name(lists.IDs[i]))
	}
	return nil
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "goes_with:", err)
		os.Exit(1)
	}
}
