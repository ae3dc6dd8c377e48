package walk

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unsafe"

	"github.com/wadjet-security/wadjet/internal/source"
)

// notebookFactor is how much larger than a module a notebook may be: its outputs, mostly images, are skipped.
const notebookFactor = 8

// binaryBytes is how much of a file that is not Python is searched for a NUL byte, as Git does to tell text from binary.
const binaryBytes = 8000

// Read reads and decodes one file. Either the file or the problem is nil. Read may be called from several
// goroutines, but only one may read standard input.
func Read(e Entry, o Options) (*source.File, *Problem) {
	limit := o.limit()
	if e.Kind == source.Notebook {
		limit *= notebookFactor
	}
	raw, p := load(e, o, limit)
	if p != nil {
		return nil, p
	}
	var f *source.File
	switch e.Kind {
	case source.Notebook:
		if f, p = readNotebook(e, raw); p != nil {
			return nil, p
		}
		if int64(len(f.Text)) > o.limit() {
			return nil, tooLarge(e, o.limit())
		}
	case source.Other:
		if strings.IndexByte(unsafeString(raw[:min(len(raw), binaryBytes)]), 0) >= 0 && !hasUTF16Mark(raw) {
			return nil, &Problem{Path: e.Path, Code: "binary", Message: "is not text, so no rule looked at it", Lost: true, Blind: e.Explicit}
		}
		f = decoded(e.Path, raw, false)
	default:
		f = decoded(e.Path, raw, true)
	}
	f.Kind, f.Origin, f.Size = e.Kind, e.Origin, len(raw)
	if (f.Origin == source.Project || f.Origin == source.Library) && f.Kind != source.Other && isGenerated(f.Text) {
		f.Origin = source.Generated
	}
	return f, nil
}

func (o *Options) limit() int64 {
	if o.MaxBytes <= 0 {
		return DefaultMaxBytes
	}
	return min(o.MaxBytes, 256<<20) // offsets have 32 bits, and a notebook may have eight times as much
}

func (o *Options) openFile(path string) (*os.File, error) {
	if o.open != nil {
		return o.open(path)
	}
	return openFile(path)
}

func tooLarge(e Entry, limit int64) *Problem {
	return &Problem{Path: e.Path, Code: "too-large", Lost: true, Blind: e.Explicit,
		Message: fmt.Sprintf("is larger than the limit of %s and was not read; raise the limit, or exclude it", size(limit))}
}

func size(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}

// load reads the bytes of a file, but never more than the limit and a byte.
func load(e Entry, o Options, limit int64) ([]byte, *Problem) {
	fail := func(err error) *Problem {
		code, message := explain(err)
		return &Problem{Path: e.Path, Code: code, Message: message, Lost: true, Blind: e.Explicit}
	}
	if e.Abs == "" {
		if o.Stdin == nil {
			return nil, fail(errors.New("there is no standard input"))
		}
		raw, err := io.ReadAll(io.LimitReader(o.Stdin, limit+1))
		if err != nil {
			return nil, fail(err)
		}
		if int64(len(raw)) > limit {
			return nil, tooLarge(e, limit)
		}
		return raw, nil
	}
	f, err := o.openFile(e.Abs)
	if err != nil {
		return nil, fail(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fail(err)
	}
	if !info.Mode().IsRegular() {
		return nil, &Problem{Path: e.Path, Code: "special", Message: "is no longer a file, and was not read", Lost: true, Blind: e.Explicit}
	}
	if info.Size() > limit {
		return nil, tooLarge(e, limit)
	}
	// One byte more than the file has: a read that leaves room has met the end, so
	// one call is enough. Files in /proc say that they are empty, and files may grow.
	raw := make([]byte, 0, info.Size()+1)
	for {
		n, err := f.Read(raw[len(raw):cap(raw)])
		raw = raw[:len(raw)+n]
		switch {
		case int64(len(raw)) > limit:
			return nil, tooLarge(e, limit)
		case err == io.EOF:
			return raw, nil
		case err != nil:
			return nil, fail(err)
		case int64(len(raw)) == info.Size() && info.Size() > 0:
			return raw, nil
		case len(raw) == cap(raw):
			raw = append(raw, 0)[:len(raw)]
		}
	}
}

// unsafeString is b as a string, without a copy. Nothing may write to b afterwards.
func unsafeString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
