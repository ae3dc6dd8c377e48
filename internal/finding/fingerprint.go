package finding

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"slices"
	"strconv"
	"strings"

	"github.com/wadjet-security/wadjet/internal/source"
)

// Fingerprints gives each finding the name under which baselines and reports know it from one scan to the
// next. It is written `hash:n`.
//
// The hash is over the weakness, the enclosing function and the tokens of the matched code, and of the code
// where a flow enters. Layout is no part of it: blanks, line breaks, comments, quote style, trailing commas and
// redundant parentheses do not count. Neither is the line or the path, so moving code and
// renaming files change nothing. The weakness stands for the rule, because a second rule that
// comes to say the same must not make the finding new.
//
// What is equal in all this is numbered from 1 in the order of path and position, over all files. It is tempting to number in
// each file and to hash the path; but then every renamed file is new. As it is, the fingerprints of a scan are a counted multiset:
// n equal findings have the numbers 1 to n wherever they stand, so a rename or a move leaves the set as it is, and mending one
// of two alike takes away exactly one.
//
// Of a finding that may be a secret (see [Rule]) no part of the value goes into the hash, since a short one could be
// found out by trying: the name it is given stands for it.
func Fingerprints(findings []*Finding) {
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b *Finding) int {
		if c := comparePlace(a, b); c != 0 {
			return c
		}
		return Compare(a, b)
	})
	seen := make(map[string]int, len(sorted))
	for _, f := range sorted {
		key := identity(f)
		seen[key]++
		f.Fingerprint = key + ":" + strconv.Itoa(seen[key])
	}
}

func identity(f *Finding) string {
	h := sha256.New()
	add(h, "wadjet/v1")
	add(h, f.weakness())
	add(h, f.Context)
	if f.Rule.Secret {
		add(h, "secret")
		add(h, secretName(f.File, f.Span))
	} else {
		addCode(h, f.File, f.Span)
		if len(f.Trace) > 0 && f.Trace[0].File != nil {
			add(h, "from")
			addCode(h, f.Trace[0].File, f.Trace[0].Span)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// add writes one part, so that the parts cannot run into each other.
func add(h hash.Hash, part string) {
	h.Write([]byte(part)) // a hash never fails to write
	h.Write([]byte{0})
}

// maxCanonical bounds, in bytes, the code whose brackets are looked at, since that is not linear.
const maxCanonical = 1 << 15

func addCode(h hash.Hash, file *source.File, span source.Span) {
	text := file.Slice(span)
	if file.Kind == source.Other || len(text) > maxCanonical {
		for _, word := range strings.Fields(text) {
			add(h, word)
		}
		return
	}
	for _, t := range canonical(tokenize(text)) {
		if t.kind == stringToken {
			add(h, t.prefix+`"`+t.text)
		} else {
			add(h, t.text)
		}
	}
}

// canonical rewrites tokens so that code which a formatter would write alike is alike.
func canonical(tokens []token) []token {
	for i := range tokens {
		switch t := &tokens[i]; t.kind {
		case numberToken:
			t.text = strings.ToLower(t.text)
		case stringToken:
			if !strings.Contains(t.prefix, "r") {
				t.text = strings.NewReplacer(`\\`, `\\`, `\"`, `"`, `\'`, `'`).Replace(t.text)
			}
		}
	}
	return dropParens(dropCommas(tokens))
}

// dropCommas takes away the comma before a closing bracket, but where it makes a tuple of one.
func dropCommas(tokens []token) []token {
	type open struct {
		kept   int  // index in out of the bracket
		tuple  bool // one element and a comma would be a tuple
		commas int
	}
	var stack []open
	out := tokens[:0:0]
	for i, t := range tokens {
		if t.kind == markToken {
			switch t.text {
			case "(", "[", "{":
				tuple := t.text == "(" && !callable(tokens, i) && !imports(tokens, i) || t.text == "[" && callable(tokens, i)
				stack = append(stack, open{len(out), tuple, 0})
			case ",":
				if len(stack) > 0 {
					stack[len(stack)-1].commas++
				}
			case ")", "]", "}":
				if n := len(stack); n > 0 {
					o := stack[n-1]
					stack = stack[:n-1]
					last := len(out) - 1
					if last > o.kept+1 && isMark(out[last], ",") && (!o.tuple || o.commas > 1) {
						out = out[:last]
					}
				}
			}
		}
		out = append(out, t)
	}
	return out
}

// dropParens takes away the parentheses that change nothing.
func dropParens(tokens []token) []token {
	type pair struct {
		open, close int
		comma       bool // between the elements of this pair
		depth       int  // number of brackets around it
	}
	var pairs []pair
	var stack []int // of indexes in pairs
	for i, t := range tokens {
		if t.kind != markToken {
			continue
		}
		switch t.text {
		case "(", "[", "{":
			stack = append(stack, len(pairs))
			pairs = append(pairs, pair{open: i, close: -1, depth: len(stack) - 1})
		case ",":
			if len(stack) > 0 {
				pairs[stack[len(stack)-1]].comma = true
			}
		case ")", "]", "}":
			if n := len(stack); n > 0 {
				pairs[stack[n-1]].close = i
				stack = stack[:n-1]
			}
		}
	}
	drop := make([]bool, len(tokens))
	for _, p := range pairs { // outermost first
		if p.close < 0 || p.close == p.open+1 || !isMark(tokens[p.open], "(") || callable(tokens, p.open) {
			continue
		}
		before, after := p.open-1, p.close+1
		for before >= 0 && drop[before] {
			before--
		}
		for after < len(tokens) && drop[after] {
			after++
		}
		atom := p.close == p.open+2 && tokens[p.open+1].kind != markToken
		if atom || !(p.comma && p.depth > 0) && mayDrop(tokens, before, after, p.comma) {
			drop[p.open], drop[p.close] = true, true
		}
	}
	out := tokens[:0:0]
	for i, t := range tokens {
		if !drop[i] {
			out = append(out, t)
		}
	}
	return out
}

// callable reports whether the bracket at i follows something that it calls or subscribes.
func callable(tokens []token, i int) bool {
	if i == 0 {
		return false
	}
	switch t := tokens[i-1]; t.kind {
	case wordToken:
		return !keywords[t.text]
	case stringToken:
		return true
	case markToken:
		return t.text == ")" || t.text == "]" || t.text == "}"
	}
	return false
}

func imports(tokens []token, i int) bool {
	return i > 0 && tokens[i-1].kind == wordToken && tokens[i-1].text == "import"
}

// mayDrop reports whether parentheses between the tokens at before and after hold a whole expression
// anyway, so that they neither group nor, when there is a comma in them, make a tuple of their own.
func mayDrop(tokens []token, before, after int, comma bool) bool {
	if before >= 0 {
		switch t := tokens[before]; t.kind {
		case wordToken:
			if comma && !tupleAfter[t.text] || !comma && !freeAfter[t.text] || t.text == "in" && !loops(tokens, before) {
				return false
			}
		case markToken:
			if comma && t.text != "=" || !comma && !freeAfter[t.text] {
				return false
			}
		case numberToken, stringToken:
			return false
		}
	}
	if after >= len(tokens) {
		return true
	}
	switch t := tokens[after]; t.kind {
	case lineToken:
		return true
	case wordToken:
		return t.text == "in" && before >= 0 && tokens[before].text == "for" || !comma && (t.text == "for" || t.text == "as")
	case markToken:
		return t.text == ":" || t.text == "=" || !comma && freeBefore[t.text]
	}
	return false
}

// loops reports whether the "in" at i belongs to a for.
func loops(tokens []token, i int) bool {
	for i--; i >= 0; i-- {
		if t := tokens[i]; t.kind == lineToken || t.kind == wordToken && (t.text == "for" || t.text == "in" || t.text == "if") {
			return t.text == "for"
		}
	}
	return false
}

func isMark(t token, text string) bool { return t.kind == markToken && t.text == text }

var keywords = words(`False None True and as assert async await break class continue def del elif else except finally for from
	global if import in is lambda nonlocal not or pass raise return try while with yield`)

// What may stand before and after an expression without being a part of it, and what before a bare tuple.
var (
	freeAfter = words(`return yield assert in if elif while for del from as import with except raise
		( [ { , : -> = := += -= *= /= %= &= |= ^= @= **= //= >>= <<=`)
	freeBefore = words(") ] } , : =")
	tupleAfter = words("return yield in for del import with")
)

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}
