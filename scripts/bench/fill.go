package main

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// measureFill looks at a server at rest, then sends it very many responses, in batches of 20 over 64
// connections, and looks again.
func measureFill(total int) {
	const connections, items = 64, 20
	p := start(storing, "")
	defer p.end()
	one := post(p.addr, 1)
	var left atomic.Int64
	left.Store(1)
	h := hdrhistogram.New(1, 60_000_000, 3)
	drive(p.addr, one, func() bool { return left.Add(-1) >= 0 }, h)
	rest := p.memory()
	empty := p.size()

	left.Store(int64(total / items))
	began := time.Now()
	var wg sync.WaitGroup
	for range connections {
		wg.Go(func() {
			drive(p.addr, post(p.addr, items), func() bool { return left.Add(-1) >= 0 }, hdrhistogram.New(1, 60_000_000, 3))
		})
	}
	wg.Wait()
	took := time.Since(began)
	fmt.Printf("%d responses in batches of %d: %.0f/s\n", total, items, float64(total)/took.Seconds())
	fmt.Printf("  %.0f bytes a stored response; memory at rest %.0f MB, goal ≤ 40; after them %.0f MB, goal ≤ 150\n",
		float64(p.size()-empty)/float64(total), rest, p.memory())
}

// size is the database's on disk, without its log.
func (p *process) size() int64 {
	info, err := os.Stat(p.db)
	check(err)
	return info.Size()
}
