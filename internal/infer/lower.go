package infer

import (
	"runtime"
	"sync"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// A Lowered module is its code, and what else of it the solving asks for. It needs no tree.
type Lowered struct {
	m     *program.Module
	unit  *ir.Unit
	binds map[string]bool // names that the module's code assigns
	cells [][]uint32      // by function: bindings of variables that live in it and that others read
	lines []uint32        // by function: where it starts, with its decorators
}

// Lower reads what a module says. It may be called for several modules at once; afterwards the module may be dropped.
func Lower(m *program.Module) *Lowered {
	l := &Lowered{m: m, unit: m.Unit(), binds: map[string]bool{}}
	l.unit.LowerAll()
	for i := range m.Names.Module.Bindings {
		b := &m.Names.Module.Bindings[i]
		for _, d := range b.Defs {
			if d.Kind != resolve.Declared && d.Kind != resolve.Del {
				l.binds[b.Name] = true
			}
		}
	}
	l.lines = make([]uint32, len(l.unit.Funcs))
	for i, f := range l.unit.Funcs {
		if f.Syntax == nil {
			continue
		}
		span := f.Syntax.Span()
		if d, ok := f.Syntax.(*syntax.FunctionDef); ok && len(d.Decorators) > 0 {
			span = d.Decorators[0].Span()
		}
		line, _ := m.File.Position(span.Start)
		l.lines[i] = uint32(line)
	}
	l.ownCells()
	l.unit.Release()
	return l
}

// ownCells finds where the variables live that inner functions read: bindings are numbered in the whole file.
func (l *Lowered) ownCells() {
	all := l.m.Names.AllBindings()
	l.cells = make([][]uint32, len(l.unit.Funcs))
	byNode := make(map[syntax.ID]int, len(l.unit.Funcs))
	for i, f := range l.unit.Funcs {
		byNode[f.Node] = i
	}
	owner := func(b *resolve.Binding) (int, bool) {
		n := b.Scope.Function().Node
		if n == nil {
			return 0, true
		}
		i, ok := byNode[n.ID()]
		return i, ok
	}
	used := make([]bool, len(all))
	for _, f := range l.unit.Funcs {
		for i := range f.Instrs {
			if in := &f.Instrs[i]; in.Op == ir.SetCell || in.Op == ir.Cell {
				used[in.A] = true
			}
		}
	}
	for i := range all {
		b := &all[i]
		// A variable that is never assigned where it lives (only declared, or by nonlocal) still lives there.
		if !used[i] && !(b.Remote && b.Scope.Node != nil) {
			continue
		}
		if k, ok := owner(b); ok {
			l.cells[k] = append(l.cells[k], uint32(i))
		}
	}
}

// lowered are the modules of a program, read on all processors.
func lowered(p *program.Program) []*Lowered {
	list := make([]*Lowered, len(p.Modules))
	var wg sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				list[i] = Lower(p.Modules[i])
			}
		})
	}
	for i := range list {
		next <- i
	}
	close(next)
	wg.Wait()
	return list
}
