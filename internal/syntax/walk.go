package syntax

// Inspect calls f for a node and, while f returns true, for its children in the order of the
// source, depth first. Nil nodes are not visited.
func Inspect(n Node, f func(Node) bool) {
	if n == nil || !f(n) {
		return
	}
	Children(n, func(c Node) { Inspect(c, f) })
}
