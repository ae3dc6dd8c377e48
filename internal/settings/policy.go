package settings

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2/unstable"
)

// A Policy is settings that lie elsewhere, pinned by their hash.
type Policy struct {
	URL    string
	SHA256 string
	File   string // where its copy is kept
	folder string // that it is kept below
	Where  Origin // who extends it
}

// policyFolder is where copies are kept, below the folder of the file that extends them.
var policyFolder = filepath.Join(".wadjet", "policies")

var sha = regexp.MustCompile(`^[0-9a-f]{64}$`)

// extend reads what a file extends. above is the files on the way here, and project the folder below which copies are kept.
func (t *Tree) extend(d *decoder, n *node, where Origin, above []string, project string) *layer {
	if len(above) > maxExtends {
		d.fail(n.line, "extends leads through more than %d files", maxExtends)
		return nil
	}
	switch n.kind {
	case unstable.String:
		if d.folder == "" {
			d.fail(n.line, "a policy that is fetched can extend only another one, by url and sha256")
			return nil
		}
		file := n.text
		if !filepath.IsAbs(file) {
			file = filepath.Join(d.folder, filepath.FromSlash(file))
		}
		if slices.Contains(above, file) {
			d.fail(n.line, "%s extends itself", n.text)
			return nil
		}
		text, err := read(file)
		if err != nil {
			d.fail(n.line, "extends = %q cannot be read: %v", n.text, plainError(err))
			return nil
		}
		var path []string
		if filepath.Base(file) == "pyproject.toml" {
			path = []string{"tool", "wadjet"}
		}
		return t.extended(&decoder{shown: t.show(file), folder: filepath.Dir(file), base: d.base, top: d.top, version: d.version}, text, path, append(above, file), project)
	case unstable.Table:
		p := Policy{Where: where}
		for _, e := range n.keys {
			switch {
			case e.name == "url" && e.value.kind == unstable.String:
				p.URL = e.value.text
			case e.name == "sha256" && e.value.kind == unstable.String:
				p.SHA256 = strings.ToLower(e.value.text)
			default:
				d.fail(e.line, "%q has no place in extends: write {url = \"https://…\", sha256 = \"…\"}", e.name)
				return nil
			}
		}
		if u, err := url.Parse(p.URL); err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
			d.fail(n.line, "extends wants an url that begins with https:// and holds no password")
			return nil
		}
		if !sha.MatchString(p.SHA256) {
			d.fail(n.line, "extends wants the sha256 of what is at %s: 64 digits, as sha256sum prints them", p.URL)
			return nil
		}
		p.folder, p.File = project, filepath.Join(project, policyFolder, p.SHA256+".toml")
		text, err := read(p.File)
		if err != nil {
			t.missing = append(t.missing, p)
			d.fail(n.line, "the policy at %s is not here yet: run `wadjet config fetch`", p.URL)
			return nil
		}
		if got := hash(text); got != p.SHA256 {
			d.fail(n.line, "%s was changed: its sha256 is %s. Remove it, and run `wadjet config fetch`", t.show(p.File), got)
			return nil
		}
		shown := p.URL
		return t.extended(&decoder{shown: shown, base: d.base, version: d.version}, text, nil, append(above, p.File), project)
	}
	d.fail(n.line, "extends must be a file, or {url = \"https://…\", sha256 = \"…\"}, or a list of them")
	return nil
}

func (t *Tree) extended(d *decoder, text string, path, above []string, project string) *layer {
	d.policy = func(d *decoder, n *node, where Origin) *layer {
		return t.extend(d, n, where, slices.Clip(above), project)
	}
	l := t.decode(d, text, path)
	if l != nil {
		t.shown = append(t.shown, d.shown)
	}
	return l
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// fetchTimeout bounds how long one policy may take.
const fetchTimeout = 30 * time.Second

// Fetch brings the policies that are extended and not there yet. It is the one thing in this package that opens a connection.
func Fetch(ctx context.Context, o Options, client *http.Client) (fetched []Policy, err error) {
	for range maxExtends {
		t, err := Open(o)
		if t == nil {
			return fetched, err
		}
		if len(t.missing) == 0 {
			return fetched, err
		}
		for _, p := range t.missing {
			if err := p.fetch(ctx, client); err != nil {
				return fetched, fmt.Errorf("%s: %w", p.Where, err)
			}
			fetched = append(fetched, p)
		}
	}
	return fetched, fmt.Errorf("policies extend each other through more than %d steps", maxExtends)
}

func (p Policy) fetch(ctx context.Context, client *http.Client) error {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL, nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", p.URL, response.Status)
	}
	raw, err := io.ReadAll(io.LimitReader(response.Body, maxBytes+1))
	if err != nil {
		return err
	}
	if len(raw) > maxBytes {
		return errors.New("the policy is larger than 1 MiB")
	}
	if got := hash(string(raw)); got != p.SHA256 {
		return fmt.Errorf("what is at %s has the sha256 %s, and %s is wanted: it was changed, or is not what you think", p.URL, got, p.SHA256)
	}
	root, err := os.OpenRoot(p.folder) // no link leads out of it
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.MkdirAll(policyFolder, 0o755); err != nil {
		return err
	}
	return root.WriteFile(filepath.Join(policyFolder, p.SHA256+".toml"), raw, 0o644)
}
