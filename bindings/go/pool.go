package avocet

/*
#include "bridge.h"
#cgo noescape go_pool_create
#cgo nocallback go_pool_create
#cgo noescape go_pool_destroy
#cgo nocallback go_pool_destroy
#cgo noescape go_pool_threads
#cgo nocallback go_pool_threads
*/
import "C"

// Pool is threads for calls to share their work among. A nil *Pool stands for the calling thread. Any number of
// goroutines may use one at once.
type Pool struct {
	handle  handle
	threads int
}

// NewPool starts a pool of 1 to 1024 threads. They sleep while no call uses them.
//
// C: avocet_pool_create
func NewPool(threads int) (*Pool, error) {
	c := begin()
	n := c.size(1, "threads", threads)
	if c.failed() {
		return nil, c.err
	}
	made := C.go_pool_create(n)
	if err := c.end(made.error); err != nil {
		return nil, err
	}
	p := &Pool{threads: int(C.go_pool_threads(made.handle))}
	open(p, &p.handle, uintptr(made.handle), func(c uintptr) { C.go_pool_destroy(C.uintptr_t(c)) })
	return p, nil
}

// Threads is the number of threads; 1 for nil.
//
// C: avocet_pool_threads
func (p *Pool) Threads() int {
	if p == nil {
		return 1
	}
	return p.threads
}

// Close waits for the calls that use the pool, and for the end of its threads. Closing twice, or nil, does nothing.
//
// C: avocet_pool_destroy
func (p *Pool) Close() error {
	if p != nil {
		p.handle.close()
	}
	return nil
}
