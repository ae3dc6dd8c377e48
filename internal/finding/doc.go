// Package finding holds the words in which wadjet speaks of what it found:
// finding, rule text, edit, trace, severity, confidence, fingerprint, order,
// and the [Handler] that a stream of findings goes to. Every check produces
// these, every report replays them, and neither knows the other.
package finding
