// Package control knows what published standards ask, and which weaknesses break it: the OWASP Top 10, the CWE Top 25,
// ASVS, PCI DSS, HIPAA, GDPR and SSDF. All of it is data, in rules/controls.yaml, which go generate compiles ([Build]) to the
// table that is embedded ([Builtin]).
//
// A standard has controls, a topic names weaknesses and CWE numbers with the controls that they break. [Table.Of] leads from a
// rule to its controls; [Table.Select] from a word of `--select` to a test for them. The words are the same in both directions:
// what a report calls a control, [finding.Control.Ref], selects it.
package control
