// Package suppress reads the comments by which people silence findings: wadjet's own, and those of the tools that
// they used before.
//
//	# wadjet: ignore[rule, B602] reason      these rules, by our ids or by any peer's
//	# wadjet: ignore reason                  every rule; works, and is reported as a blanket
//	# wadjet: ignore-file[rule] reason       in the whole file
//	# nosec, # nosec B602, B607, # nosec assert_used        Bandit
//	# noqa, # noqa: S602, # ruff: noqa: S602, # flake8: noqa, # ruff: ignore[S602],
//	# ruff: file-ignore[S602], # ruff: disable[S602] … # ruff: enable[S602]        Ruff, flake8
//	# nosemgrep, # nosemgrep: a.b.rule, # nosem        Semgrep
//	# NOSONAR, # codeql[py/id], # lgtm[py/id]        others
//	# gitleaks:allow, # trufflehog:ignore, # pragma: allowlist secret,
//	# pragma: allowlist nextline secret        secrets alone
//
// A directive counts only where it begins a comment, or follows a # in one, so that prose which mentions it silences
// nothing. It covers the whole statement that its line belongs to. On a line of its own, a comment that names the next line
// (wadjet's, Semgrep's, CodeQL's, `ruff: ignore`) covers the statement which follows.
//
// The bare comments of tools other than Bandit were written against those tools: they silence only what was found
// by a pattern, never a proven flow, and `# noqa` only what Ruff or flake8-bandit would have reported; in an audit they
// silence nothing ([Set.KeepForeign]).
package suppress
