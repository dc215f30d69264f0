package avocet

// LiveHandles is the number of objects of the library that are not yet freed.
func LiveHandles() int64 { return liveHandles.Load() }

// Hold does as a call does that uses a workspace, until the function that it returns is called.
func (w *Workspace) Hold() func() {
	if status := w.handle.acquireAlone(); status != OK {
		panic(status)
	}
	return w.handle.release
}

// Hold does as a call does that uses a graph.
func (g *Graph) Hold() func() {
	if !g.handle.acquire() {
		panic(ErrClosed)
	}
	return g.handle.release
}

// Hold does as a call does that uses a stream.
func (s *Stream) Hold() func() {
	if !s.handle.acquire() {
		panic(ErrClosed)
	}
	return s.handle.release
}

// Hold does as a call does that uses prepared rows.
func (r *PreparedRows) Hold() func() {
	if !r.handle.acquire() {
		panic(ErrClosed)
	}
	return r.handle.release
}

// Hold does as a call does that uses a model.
func (m *SparseModel) Hold() func() {
	if status := m.handle.acquireShared(); status != OK {
		panic(status)
	}
	return m.handle.release
}

// HoldAlone does as a call does that changes a model.
func (m *SparseModel) HoldAlone() func() {
	if status := m.handle.acquireToChange(); status != OK {
		panic(status)
	}
	return func() {
		m.handle.changed()
		m.handle.release()
	}
}

// Hold does as a call does that uses a pool.
func (p *Pool) Hold() func() {
	if !p.handle.acquire() {
		panic(ErrClosed)
	}
	return p.handle.release
}

// Hold does as a call does that uses a grid.
func (g *Grid) Hold() func() {
	if !g.handle.acquire() {
		panic(ErrClosed)
	}
	return g.handle.release
}

// Hold does as a call does that reads buckets.
func (b *Buckets) Hold() func() {
	if status := b.handle.acquireShared(); status != OK {
		panic(status)
	}
	return b.handle.release
}

// HoldAlone does as a call does that changes buckets.
func (b *Buckets) HoldAlone() func() {
	if status := b.handle.acquireToChange(); status != OK {
		panic(status)
	}
	return func() {
		b.handle.changed()
		b.handle.release()
	}
}

// Hold does as a call does that uses an index.
func (x *PackedIndex) Hold() func() {
	if !x.handle.acquire() {
		panic(ErrClosed)
	}
	return x.handle.release
}
