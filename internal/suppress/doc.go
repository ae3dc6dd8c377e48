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
//	# NOSONAR, # NOSONAR(S5443)        SonarQube
//	# codeql[py/id], # lgtm[py/id]        CodeQL
//	# trivy:ignore:ID, # trivy:ignore:ID:exp:2026-12-31, # checkov:skip=ID:reason, # zizmor: ignore[id]        by id alone
//	# gitleaks:allow, # trufflehog:ignore, # pragma: allowlist secret,
//	# pragma: allowlist nextline secret        secrets alone
//
// A directive counts only where it begins a comment, or follows a # in one, so that prose which mentions it silences
// nothing. It covers the whole statement that its line belongs to; Bandit's also what encloses that and is what the finding is about. On a
// line of its own, a comment that names the next line (wadjet's, Semgrep's, CodeQL's, `ruff: ignore`) covers the statement which
// follows. A range ends at the enable that names the code at the same indentation, or with its block. (Ruff wants the lists of
// both to be equal, and else silences on to the end of the block: the author did not.)
//
// What comments for other tools may silence says [Foreign]. Unless told otherwise they are rechecked: a bare one silences only what
// was found by a pattern, never a flow or the answer of a query, and `# noqa` only what Ruff or a plugin of flake8 would
// have reported; one that names the rule silences it, but a flow is shown with the comment, and does not gate.
package suppress
