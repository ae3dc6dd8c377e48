package text

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Progress is a bar on a terminal. It shows itself only when a scan takes longer than a second, and takes
// itself away at the end. Clocks are used for that alone; nothing of a report depends on them.
type Progress struct {
	w     io.Writer
	total atomic.Int64
	done  atomic.Int64
	mu    sync.Mutex
	quit  chan struct{}
	ended chan struct{}
}

const (
	progressDelay = time.Second
	progressEvery = 100 * time.Millisecond
	barWidth      = 30
)

// NewProgress makes a bar that is drawn on w, a terminal.
func NewProgress(w io.Writer) *Progress { return &Progress{w: w} }

// Start begins to count to total.
func (p *Progress) Start(total int) {
	p.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total.Store(int64(total))
	p.done.Store(0)
	p.quit, p.ended = make(chan struct{}), make(chan struct{})
	go p.run(p.quit, p.ended)
}

// Add counts n steps. It may be called from several goroutines.
func (p *Progress) Add(n int) { p.done.Add(int64(n)) }

// Stop takes the bar away. It may be called more than once.
func (p *Progress) Stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.quit == nil {
		return
	}
	close(p.quit)
	<-p.ended
	p.quit = nil
}

func (p *Progress) run(quit <-chan struct{}, ended chan<- struct{}) {
	defer close(ended)
	select {
	case <-quit:
		return
	case <-time.After(progressDelay):
	}
	tick := time.NewTicker(progressEvery)
	defer tick.Stop()
	for {
		fmt.Fprint(p.w, "\r"+bar(p.done.Load(), p.total.Load())) // a bar that cannot be drawn is no loss
		select {
		case <-quit:
			fmt.Fprint(p.w, "\r\x1b[K")
			return
		case <-tick.C:
		}
	}
}

// bar draws how far done is on the way to total.
func bar(done, total int64) string {
	if total <= 0 {
		total = 1
	}
	done = min(max(done, 0), total)
	full := int(done * barWidth / total)
	return fmt.Sprintf("scanning [%s%s] %3d %%", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), done*100/total)
}
