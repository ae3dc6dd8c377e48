package syntax

import "github.com/wadjet-security/wadjet/internal/source"

// What only older Pythons read. Each is an error that says so, and is read as it was meant.
const (
	py2Long      = "an integer ends in L only in Python 2"
	py2Octal     = "an octal number is written like this only in Python 2; in Python 3 it begins with 0o"
	py2Tabs      = "tabs and spaces are mixed as only Python 2 allows"
	py2NotEqual  = "<> is Python 2; in Python 3 it is !="
	py2UR        = "a string has the prefix ur only in Python 2"
	py2Print     = "print is a statement only in Python 2"
	py2Exec      = "exec is a statement only in Python 2"
	py2Backquote = "backquotes are Python 2; in Python 3 it is repr()"
	py2Raise     = "raise takes commas only in Python 2"
	py2Tuple     = "a parameter is a tuple only in Python 2"
	py2Except    = "a comma binds the exception only in Python 2; in Python 3 it is as"
	py2In        = "a comprehension goes over a bare tuple only in Python 2"
	oldAsync     = "async and await are names only before Python 3.7"
)

// python2 records what only Python 2 has.
func (s *scanner) python2(start, end int, message string) {
	s.py2Seen = true
	s.tolerate(start, end, message)
}

// tolerate records what only older Pythons have, and what is read as they read it.
func (s *scanner) tolerate(start, end int, message string) {
	if len(s.errors) < maxErrors {
		s.errors = append(s.errors, Error{
			Span: source.Span{Start: uint32(start), End: uint32(end)}, Message: message, Python2: true,
		})
	}
}
