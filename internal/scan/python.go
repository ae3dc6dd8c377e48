package scan

import (
	"os"
	"path"
	"path/filepath"

	"github.com/wadjet-security/wadjet/internal/manifest"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/walk"
)

// newPython finds what projects declare, from a file's folder up to the root of its repository. Files are read like those that are scanned: within the limit
// of size, and only regular ones.
func newPython(o walk.Options) *manifest.Python {
	return manifest.NewPython(func(p string) (string, bool) {
		f, problem := walk.Read(walk.Entry{Path: path.Base(p), Abs: filepath.FromSlash(p), Kind: source.Other}, o)
		if problem != nil {
			return "", false
		}
		return f.Text, true
	}, func(dir string) bool {
		_, err := os.Lstat(filepath.Join(filepath.FromSlash(dir), ".git"))
		return err == nil
	})
}

// pythonOf is the oldest version of Python that a file is to run on: what the settings say, or else what its project declares.
func (s *state) pythonOf(j *job) string {
	if j.policy.PythonVersion != "" {
		return j.policy.PythonVersion
	}
	if j.entry.Abs == "" {
		return ""
	}
	file := j.entry.Abs
	if s.today != nil {
		file = s.today(file)
	}
	return s.python.For(filepath.ToSlash(file))
}
