package text

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// showAfter is how long a run may take before it shows its progress: a short one would only flicker.
const showAfter = time.Second

// A Progress draws a bar on one line of a terminal. Its methods may be called from several goroutines.
type Progress struct {
	w           io.Writer
	total, done atomic.Int64
	once        sync.Once
	stop        chan struct{}
	stopped     sync.WaitGroup
}

// NewProgress makes a bar that draws on w.
func NewProgress(w io.Writer) *Progress { return &Progress{w: w, stop: make(chan struct{})} }

// Start says how many steps lie ahead.
func (p *Progress) Start(total int) {
	p.total.Store(int64(max(1, total)))
	p.stopped.Go(func() {
		wait := time.NewTimer(showAfter)
		defer wait.Stop()
		drawn := false
		for {
			select {
			case <-p.stop:
				if drawn {
					io.WriteString(p.w, "\r\x1b[K") // the terminal may be gone: there is nobody to tell
				}
				return
			case <-wait.C:
				drawn = true
				p.draw()
				wait.Reset(100 * time.Millisecond)
			}
		}
	})
}

func (p *Progress) draw() {
	const width = 30
	part := float64(min(p.done.Load(), p.total.Load())) / float64(p.total.Load())
	full := int(part * width)
	fmt.Fprintf(p.w, "\r%s%s %3.0f %%", strings.Repeat("█", full), strings.Repeat("░", width-full), 100*part)
}

// Add says that n steps more are done.
func (p *Progress) Add(n int) { p.done.Add(int64(n)) }

// Stop takes the bar away. It may be called more than once.
func (p *Progress) Stop() {
	p.once.Do(func() { close(p.stop) })
	p.stopped.Wait()
}
