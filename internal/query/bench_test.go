package query

import "testing"

// BenchmarkEnvironment is what the language takes to be made, once in a process that has a candidate.
func BenchmarkEnvironment(b *testing.B) {
	for b.Loop() {
		makeEnvironment()
	}
}

// BenchmarkCompile is what one expression takes, once for each rule that has a candidate.
func BenchmarkCompile(b *testing.B) {
	environment()
	for b.Loop() {
		if q := New(Spec{Over: "calls", Where: `call.arg("name").lower in ["md5", "sha1"] && call.arg("usedforsecurity").default(true).truthy`}); len(q.Check()) > 0 {
			b.Fatal(q.Check())
		}
	}
}

// BenchmarkEval is what a rule takes for one candidate.
func BenchmarkEval(b *testing.B) {
	m := load(b, "import hashlib\nhashlib.new('md5')")
	n := lastCall(b, m, "hashlib.new")
	for name, where := range map[string]string{
		"nothing":  `true`,
		"argument": `call.arg("name").string == "md5"`,
		"two":      `call.arg("name").lower in ["md5", "sha1"] && call.arg("usedforsecurity").default(true).truthy`,
		"object":   `call.receiver.attr("x").missing`,
	} {
		q := New(Spec{Over: "calls", Where: where})
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				q.Eval(NewFile(m, nil), n)
			}
		})
	}
}
