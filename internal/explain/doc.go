// Package explain says what a rule finds, why that matters, and what to write instead: on the terminal ([Text]), and as the pages of
// docs/rules ([Pages]), which go generate writes from the built-in rules. Both, and the reports, say what the rule's file says: there
// is one text.
package explain
